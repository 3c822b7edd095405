"""Sums and greatest entries, over any of an array's axes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exmc.gradient.attributes import axes_of
from exmc.gradient.llvm.effect import Effect
from exmc.gradient.llvm.flow import nested
from exmc.gradient.llvm.memory import Memory, moved
from exmc.gradient.llvm.shuffle import filled, folded
from exmc.gradient.program import LANES, lane_axis
from exmc.gradient.shapes import strides_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from exmc.gradient.llvm.block import Block
    from exmc.gradient.llvm.flow import Index
    from exmc.gradient.llvm.frame import Frame
    from exmc.gradient.schedule import Step
    from exmc.native.llvm_lanes import LlvmValue


def reduction(frame: Frame, step: Step) -> Reduction:
    """Return the kind of reduction that a step asks for."""
    node = frame.node(step.number)
    shape = frame.node(node.args[0]).shape
    if not node.shape:
        return Total(frame, step)
    kind = Rows if lane_axis(shape) in axes_of(node) else Columns
    return kind(frame, step)


class Reduction(Effect):
    """A sum or a greatest entry."""

    def __init__(self, frame: Frame, step: Step) -> None:
        super().__init__(frame, step)
        self.op = "add" if self.node.op == "sum" else "max"
        self.start = frame.eight.constant(0.0 if self.op == "add" else -float("inf"))
        self.shape = frame.node(self.node.args[0]).shape

    def joined(self, total: LlvmValue, value: LlvmValue) -> LlvmValue:
        """Return both together; a greatest entry of -0.0 becomes 0.0."""
        if self.op == "add":
            return total + value
        return self.frame.eight.apply("max", total, value + 0.0)

    def collect(self, block: Block, slot: str) -> None:
        """Take a block's entries into the partial results in a slot."""
        lanes, value = self.frame.eight, block.value(self.node.args[0])
        value = filled(lanes, value, block.live, self.start)
        lanes.store(self.joined(lanes.load(slot), value), slot)

    def kept(self, size: int) -> Memory:
        """Return steps through the result for each axis of the argument."""
        strides = iter(strides_of(self.node.shape))
        gone = axes_of(self.node)
        axes = range(len(self.shape))
        return Memory(
            "", tuple(0 if axis in gone else size * next(strides) for axis in axes)
        )


class Total(Reduction):
    """Over all axes: eight partial results."""

    def begin(self) -> None:
        """See `Effect`."""
        self.slot = self.frame.slot(self.start)

    def at(self, block: Block) -> None:
        """See `Effect`."""
        self.collect(block, self.slot)

    def end(self) -> None:
        """See `Effect`."""
        lanes = self.frame.eight
        total = folded(lanes, lanes.load(self.slot), self.op)
        self.frame.scalars[self.step.number] = total


class Rows(Reduction):
    """Over the lane axis and perhaps others: eight partial results an entry."""

    def begin(self) -> None:
        """See `Effect`."""
        size = LANES * self.node.size
        self.partial = Memory(self.frame.buffer(size), (LANES,))
        self.steps = Memory(self.partial.base, self.kept(LANES).strides)
        self.slot = self.frame.slot(self.start)
        with nested(self.frame.assembler, (self.node.size,)) as index:
            at = self.partial.pointer(self.frame.assembler, index)
            self.frame.eight.store(self.start, at)

    def begin_row(self, index: Sequence[Index]) -> None:
        """See `Effect`."""
        at = self.steps.pointer(self.frame.assembler, index)
        self.frame.eight.store(self.frame.eight.load(at), self.slot)

    def at(self, block: Block) -> None:
        """See `Effect`."""
        self.collect(block, self.slot)

    def end_row(self, index: Sequence[Index]) -> None:
        """See `Effect`."""
        at = self.steps.pointer(self.frame.assembler, index)
        self.frame.eight.store(self.frame.eight.load(self.slot), at)

    def end(self) -> None:
        """See `Effect`."""
        assembler, lanes = self.frame.assembler, self.frame.eight
        start = self.frame.memory[self.step.number].start(assembler)
        with nested(assembler, (self.node.size,)) as index:
            partial = lanes.load(self.partial.pointer(assembler, index))
            target = moved(assembler, start, *index)
            self.frame.one.store(folded(lanes, partial, self.op), target)


class Columns(Reduction):
    """Over other axes than the lane axis: entry by entry, in memory."""

    def begin(self) -> None:
        """See `Effect`."""
        result = self.frame.memory[self.step.number]
        self.target = Memory(result.base, self.kept(1).strides, result.offset)
        self.frame.fill(result, self.node.size, self.start)

    def at(self, block: Block) -> None:
        """See `Effect`."""
        value = block.value(self.node.args[0])
        block.write(self.joined(block.read(self.target), value), self.target)
