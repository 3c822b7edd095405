"""Lane sums of the rows of a matrix times a vector, as steps of a loop."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from exmc.gradient.llvm.effect import Effect
from exmc.gradient.llvm.flow import counted
from exmc.gradient.llvm.matrix import PANEL
from exmc.gradient.llvm.memory import Memory, moved, read
from exmc.gradient.llvm.shuffle import filled, folded
from exmc.gradient.program import LANES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exmc.gradient.llvm.block import Block
    from exmc.gradient.llvm.flow import Index
    from exmc.gradient.llvm.matrix import Panel


class FewProjections(Effect):
    """The lane sums of each row times g; all sums stay in registers."""

    def begin(self) -> None:
        """See `Effect`."""
        zero = self.frame.eight.constant(0.0)
        count, _ = self.frame.node(self.node.args[0]).shape
        self.totals = [self.frame.slot(zero) for _ in range(count)]

    def at(self, block: Block) -> None:
        """See `Effect`."""
        matrix, g = self.frame.memory[self.node.args[0]], block.value(self.node.args[1])
        lanes, zero = self.frame.eight, self.frame.eight.constant(0.0)
        for j, slot in enumerate(self.totals):
            term = block.read(matrix.row(self.frame.assembler, j)) * g
            term = filled(lanes, term, block.live, zero)
            lanes.store(lanes.load(slot) + term, slot)

    def end(self) -> None:
        """See `Effect`."""
        result = self.frame.memory[self.step.number]
        for j, slot in enumerate(self.totals):
            total = folded(self.frame.eight, self.frame.eight.load(slot), "add")
            target = result.pointer(self.frame.assembler, (j,))
            self.frame.one.store(total, target)


class ManyProjections(Effect):
    """The lane sums of each row times g; the sums lie in memory, panel by panel."""

    def begin(self) -> None:
        """See `Effect`."""
        self.count, _ = self.frame.node(self.node.args[0]).shape
        self.sums = Memory(self.frame.buffer(LANES * self.count), (LANES,))
        self.buffer = self.frame.buffer(LANES * PANEL)
        zero = self.frame.eight.constant(0.0)
        with self._each_sum() as (_, slot):
            self.frame.eight.store(zero, slot)

    def at(self, block: Block) -> None:
        """See `Effect`."""
        g = block.value(self.node.args[1])
        target = moved(self.frame.assembler, self.buffer, block.within)
        self.frame.eight.store(g, target)

    def end_panel(self, panel: Panel) -> None:
        """See `Effect`."""
        frame, lanes = self.frame, self.frame.eight
        matrix, zero = frame.memory[self.node.args[0]], lanes.constant(0.0)
        g = [
            lanes.load(moved(frame.assembler, self.buffer, LANES * number))
            for number in range(panel.blocks)
        ]
        with self._each_sum() as (j, slot):
            total = lanes.load(slot)
            pointers = panel.pointers(frame, matrix.row(frame.assembler, j))
            for pointer, factor in zip(pointers, g, strict=True):
                term = read(lanes, pointer, 1, panel.live) * factor
                total = total + filled(lanes, term, panel.live, zero)
            lanes.store(total, slot)

    def end(self) -> None:
        """See `Effect`."""
        result = self.frame.memory[self.step.number]
        with self._each_sum() as (j, slot):
            total = folded(self.frame.eight, self.frame.eight.load(slot), "add")
            target = result.pointer(self.frame.assembler, (j,))
            self.frame.one.store(total, target)

    @contextmanager
    def _each_sum(self) -> Iterator[tuple[Index, str]]:
        with counted(self.frame.assembler, self.count) as j:
            yield j, self.sums.pointer(self.frame.assembler, (j,))
