"""Entries added where an index tells.

Entries for the same place that follow each other would each wait for the last one's
way through memory. With four partial sums a place, only every fourth one does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from exmc.gradient.llvm.effect import Effect
from exmc.gradient.llvm.flow import counted, nested
from exmc.gradient.llvm.memory import Memory, moved, row_major
from exmc.gradient.llvm.shuffle import folded
from exmc.gradient.program import scatter_sums
from exmc.native.llvm_lanes import LlvmLanes

if TYPE_CHECKING:
    from exmc.gradient.llvm.block import Block
    from exmc.gradient.llvm.flow import Index
    from exmc.gradient.llvm.frame import Frame
    from exmc.native.llvm_lanes import LlvmValue


class Sums:
    """What has been added so far, to each place of the result.

    Attributes:
        count: Partial sums of a place.
    """

    def __init__(self, frame: Frame, number: int) -> None:
        """Begin with zeros."""
        node = frame.node(number)
        self.frame, self.size, self.result = frame, node.size, frame.memory[number]
        self.count = scatter_sums(frame.node(node.args[0]).size, node.size)
        self.sums = self.result
        if self.count > 1:
            self.sums = Memory(frame.buffer(self.count * self.size), (1,))
        zero = frame.eight.constant(0.0)
        frame.fill(self.sums, self.count * self.size, zero)

    def add(self, value: LlvmValue, place: str, partial: Index) -> None:
        """Add a number to a partial sum of a place."""
        assembler = self.frame.assembler
        at = moved(assembler, self._first(place), partial)
        self.frame.one.store(self.frame.one.load(at) + value, at)

    def finish(self) -> None:
        """Add up the partial sums of each place."""
        if self.count == 1:
            return
        assembler = self.frame.assembler
        lanes = LlvmLanes(assembler, self.count)
        with counted(assembler, self.size) as place:
            total = folded(lanes, lanes.load(self._first(place)), "add")
            target = moved(assembler, self.result.start(assembler), place)
            self.frame.one.store(total, target)

    def _first(self, place: Index) -> str:
        if self.count > 1 and place:
            place = self.frame.assembler.emit(f"mul i64 {place}, {self.count}")
        return moved(self.frame.assembler, self.sums.start(self.frame.assembler), place)


class Scatter(Effect):
    """A scatter along the lanes."""

    def begin(self) -> None:
        """See `Effect`."""
        self.sums = Sums(self.frame, self.step.number)

    def at(self, block: Block) -> None:
        """See `Effect`."""
        x, index = self.node.args
        value = block.value(x)
        for lane, place in enumerate(block.places(index)):
            entry = self.frame.eight.lane(value, lane)
            self.sums.add(entry, place, lane % self.sums.count)

    def end(self) -> None:
        """See `Effect`."""
        self.sums.finish()


def write_scatter(frame: Frame, number: int) -> None:
    """Write a scatter that goes through its entries in row-major order, one by one."""
    assembler, sums = frame.assembler, Sums(frame, number)
    x, index = frame.node(number).args
    shape = frame.node(x).shape
    places = row_major(frame.memory[index].base, shape)
    with nested(assembler, shape) as at:
        place = assembler.emit(f"load i64, ptr {places.pointer(assembler, at)}")
        sums.add(frame.entry_at(x, at), place, _remainder(frame, at, sums.count))
    sums.finish()


def _remainder(frame: Frame, at: tuple[Index, ...], count: int) -> Index:
    """Return which partial sum an entry goes to."""
    if count == 1 or not at:
        return 0
    if isinstance(at[-1], int):
        return at[-1] % count
    return frame.assembler.emit(f"and i64 {at[-1]}, {count - 1}")
