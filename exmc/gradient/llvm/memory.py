"""Where arrays lie, and how up to eight entries are read or written at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from exmc.gradient.llvm.shuffle import joined, narrowed, vector, widened
from exmc.gradient.program import LANES, lane_axis
from exmc.gradient.shapes import strides_of
from exmc.native.llvm_lanes import LlvmLanes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from exmc.gradient.attributes import Place
    from exmc.gradient.llvm.flow import Index
    from exmc.gradient.program import Shape
    from exmc.native.assembler import Assembler
    from exmc.native.llvm_lanes import LlvmValue


@dataclass(frozen=True, slots=True)
class Memory:
    """Entry [i, j, ...] is at base + offset + i * strides[0] + j * strides[1] + ...

    Attributes:
        base: Name of a pointer.
        strides: One for each axis, in entries.
        offset: In entries.
    """

    base: str
    strides: tuple[int, ...]
    offset: int = 0

    def viewed(self, place: Place) -> Memory:
        """Return where a view of this memory, which is in row-major order, reads."""
        offset, strides = place
        return Memory(self.base, strides, self.offset + offset)

    def row(self, assembler: Assembler, number: Index) -> Memory:
        """Return where one entry of the first axis lies."""
        step, *strides = self.strides
        if isinstance(number, int):
            return Memory(self.base, tuple(strides), self.offset + number * step)
        far = assembler.emit(f"mul i64 {number}, {step}")
        return Memory(moved(assembler, self.base, far), tuple(strides), self.offset)

    def start(self, assembler: Assembler) -> str:
        """Return the pointer to the first entry."""
        return moved(assembler, self.base, self.offset)

    def pointer(self, assembler: Assembler, index: Sequence[Index]) -> str:
        """Return the pointer to an entry."""
        pointer, constant = self.base, self.offset
        for at, stride in zip(index, self.strides, strict=True):
            if isinstance(at, int):
                constant += at * stride
            elif stride:
                step = at if stride == 1 else assembler.emit(f"mul i64 {at}, {stride}")
                pointer = moved(assembler, pointer, step)
        return moved(assembler, pointer, constant)


def moved(assembler: Assembler, pointer: str, step: Index) -> str:
    """Return a pointer some entries further on; all entries have eight bytes."""
    if not step:
        return pointer
    return assembler.emit(f"getelementptr double, ptr {pointer}, i64 {step}")


def row_major(base: str, shape: Shape) -> Memory:
    """Return a whole array in row-major order."""
    return Memory(base, strides_of(shape))


def lanes_last(base: str, shape: Shape) -> Memory:
    """Return a whole array in the order in which a loop meets its entries."""
    axis = lane_axis(shape)
    others = strides_of((*shape[:axis], *shape[axis + 1 :]))
    apart = [stride * shape[axis] for stride in others]
    return Memory(base, (*apart[:axis], 1, *apart[axis:]))


def read(lanes: LlvmLanes, pointer: str, stride: int, live: int = LANES) -> LlvmValue:
    """Read entries that are `stride` apart into the first `live` of eight lanes."""
    if stride == 0:
        return lanes.spread(LlvmLanes(lanes.assembler, 1).load(pointer))
    if stride == 1:
        return widened(lanes, _side_by_side(lanes, pointer, live), range(live))
    if stride == -1:
        last = moved(lanes.assembler, pointer, 1 - live)
        backwards = range(live - 1, -1, -1)
        return widened(lanes, _side_by_side(lanes, last, live), backwards)
    steps = [moved(lanes.assembler, pointer, stride * lane) for lane in range(live)]
    one = LlvmLanes(lanes.assembler, 1)
    return joined(lanes, [one.load(step) for step in steps])


def write(
    lanes: LlvmLanes, value: LlvmValue, pointer: str, stride: int, live: int = LANES
) -> None:
    """Write the first `live` of eight lanes to entries that are `stride` apart."""
    if stride == 1:
        written = f"{vector(live)} {narrowed(lanes, value, live)}"
        lanes.assembler.statement(f"store {written}, ptr {pointer}, align 8")
        return
    one = LlvmLanes(lanes.assembler, 1)
    for lane in range(live):
        target = moved(lanes.assembler, pointer, stride * lane)
        one.store(lanes.lane(value, lane), target)


def _side_by_side(lanes: LlvmLanes, pointer: str, live: int) -> str:
    return lanes.assembler.emit(f"load {vector(live)}, ptr {pointer}, align 8")
