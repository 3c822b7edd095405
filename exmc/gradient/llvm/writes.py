"""Steps that write entries where they belong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exmc.gradient.attributes import places_of
from exmc.gradient.llvm.effect import Effect
from exmc.gradient.llvm.frame import OUTPUT
from exmc.gradient.llvm.memory import (
    Memory,
    lanes_last,
    row_major,
)

if TYPE_CHECKING:
    from exmc.gradient.llvm.block import Block


class Store(Effect):
    """A value for later levels, in row-major order, or in that of its loop."""

    def begin(self) -> None:
        """See `Effect`."""
        order = row_major if self.step.kind == "store" else lanes_last
        self.target = order(self.frame.buffer(self.node.size), self.node.shape)

    def at(self, block: Block) -> None:
        """See `Effect`."""
        block.write(block.value(self.step.number), self.target)

    def end(self) -> None:
        """See `Effect`."""
        self.frame.memory[self.step.number] = self.target


class Place(Effect):
    """A part of an assemble."""

    def at(self, block: Block) -> None:
        """See `Effect`."""
        part = self.step.part
        whole = self.frame.memory[self.step.number]
        target = whole.viewed(places_of(self.node)[part])
        block.write(block.value(self.node.args[part]), target)


class Output(Effect):
    """The vector output."""

    def at(self, block: Block) -> None:
        """See `Effect`."""
        block.write(block.value(self.step.number), Memory(OUTPUT, (1,)))
