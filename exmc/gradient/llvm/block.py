"""Up to eight entries side by side, somewhere in a loop over a shape."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exmc.gradient.llvm.matrix import combined
from exmc.gradient.llvm.memory import moved, read, write
from exmc.gradient.llvm.pointwise import Remembering, applied, written_out
from exmc.gradient.llvm.shuffle import joined
from exmc.gradient.program import POINTWISE
from exmc.native.llvm_lanes import LlvmValue

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from exmc.gradient.llvm.flow import Index
    from exmc.gradient.llvm.frame import Frame
    from exmc.gradient.llvm.memory import Memory
    from exmc.gradient.program import Instruction


class Block:
    """The values of the program at up to eight entries along the lane axis.

    A value is made when it is first asked for. Lanes from `live` on may hold anything.

    Attributes:
        frame: The function.
        index: Of the first entry, an index for each axis.
        axis: The lane axis.
        live: How many entries there are.
        within: Index of the first entry in its panel (see panels.py).
    """

    def __init__(
        self,
        frame: Frame,
        axis: int,
        index: Sequence[Index],
        live: int,
        made: Mapping[int, LlvmValue],
        within: Index = 0,
    ) -> None:
        """Begin with what has been made outside of the loop."""
        self.frame = frame
        self.index = tuple(index)
        self.axis = axis
        self.live = live
        self.within = within
        self._lanes = Remembering(frame.eight)
        self._made = dict(made)
        self._places: dict[int, list[str]] = {}

    def value(self, number: int) -> LlvmValue:
        """Return eight entries of an array, or a scalar in every lane."""
        # A list of its own: values may be deeper in each other than calls may be.
        left = [number]
        while left:
            if left[-1] in self._made:
                left.pop()
            elif missing := self._missing(left[-1]):
                left += reversed(missing)
            else:
                self._made[left[-1]] = self._make(left[-1])
        return self._made[number]

    def read(self, memory: Memory) -> LlvmValue:
        """Return the entries of an array in memory."""
        pointer = memory.pointer(self.frame.assembler, self.index)
        stride = memory.strides[self.axis]
        return read(self._lanes, pointer, stride, self.live)

    def write(self, value: LlvmValue, memory: Memory) -> None:
        """Put the entries into an array in memory."""
        pointer = memory.pointer(self.frame.assembler, self.index)
        write(self._lanes, value, pointer, memory.strides[self.axis], self.live)

    def entries(self, memory: Memory) -> list[str]:
        """Return a pointer to each entry of an array in memory."""
        assembler = self.frame.assembler
        first = memory.pointer(assembler, self.index)
        stride = memory.strides[self.axis]
        return [moved(assembler, first, stride * lane) for lane in range(self.live)]

    def picked(self, number: int, index: int) -> list[str]:
        """Return pointers to those entries of an array that an index tells.

        Args:
            number: Of an array in memory, in row-major order.
            index: Of int64 data; this block has one of its entries for each lane.
        """
        return [self.frame.entry(number, place) for place in self.places(index)]

    def places(self, index: int) -> list[str]:
        """Return the entries of int64 data, one for each live lane."""
        assembler = self.frame.assembler
        if index not in self._places:
            entries = self.entries(self.frame.memory[index])
            places = [assembler.emit(f"load i64, ptr {entry}") for entry in entries]
            self._places[index] = places
        return self._places[index]

    def _missing(self, number: int) -> list[int]:
        """Return the arguments that are to be made first, in order."""
        node = self.frame.node(number)
        computed = node.shape and self.frame.access(number) is None
        if not (computed and node.op in POINTWISE):
            return []
        return [arg for arg in node.args if arg not in self._made]

    def _make(self, number: int) -> LlvmValue:
        node, access = self.frame.node(number), self.frame.access(number)
        if not node.shape:
            return self.frame.spread(number)
        if access is not None:
            return self.read(access)
        if node.op in POINTWISE:
            return self._pointwise(number, node)
        if node.op == "combine":
            return combined(self.frame, node, self.read)
        return self._picked_out(node)

    def _pointwise(self, number: int, node: Instruction) -> LlvmValue:
        found = (self._made[arg] for arg in node.args)
        values = [LlvmValue(self._lanes, value.text) for value in found]
        if number in self.frame.sharing:
            return written_out(self._lanes, node.op, *values)
        return applied(self._lanes, node, values)

    def _picked_out(self, node: Instruction) -> LlvmValue:
        """Return entries of a gather, or of a view of a scalar."""
        source = node.args[0]
        if not self.frame.node(source).shape:
            return self.value(source)
        entries = self.picked(source, node.args[1])
        return joined(self._lanes, [self.frame.one.load(at) for at in entries])
