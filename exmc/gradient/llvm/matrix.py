"""Products of a matrix and a vector, for columns of the matrix that lie side by side.

A matrix of few rows is multiplied within each block of eight columns. One of many
rows is gone through in panels of columns (`exmc.gradient.llvm.panels`): `combine`
for a whole panel, then whatever the loop makes of it, then `project` for the panel,
while it is still in the nearest cache.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from exmc.gradient.llvm.effect import Effect
from exmc.gradient.llvm.flow import counted
from exmc.gradient.llvm.memory import Memory, moved, read, write_one
from exmc.gradient.llvm.shuffle import EIGHT, filled, folded
from exmc.gradient.program import LANES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exmc.gradient.llvm.block import Block
    from exmc.gradient.llvm.flow import Index
    from exmc.gradient.llvm.frame import Frame
    from exmc.gradient.program import Instruction
    from exmc.native.llvm_lanes import LlvmValue

FEW_ROWS: Final = 8
"""Rows up to which a product is written out."""

PANEL: Final = 4
"""Blocks of a panel: their sums fill half of the registers."""


@dataclass(frozen=True, slots=True)
class Panel:
    """Some blocks of columns, one after another.

    Attributes:
        start: The first column.
        blocks: How many blocks of eight columns.
        live: How many columns the blocks have: 8, or fewer if there is one block.
    """

    start: Index
    blocks: int
    live: int = LANES

    def pointers(self, frame: Frame, row: Memory) -> list[str]:
        """Return a pointer to the first column of each block."""
        first = row.pointer(frame.assembler, (self.start,))
        steps = range(0, LANES * self.blocks, LANES)
        return [moved(frame.assembler, first, step) for step in steps]


def has_many_rows(frame: Frame, node: Instruction) -> bool:
    """Tell whether an instruction is a product that wants panels."""
    if node.op not in ("combine", "project"):
        return False
    return frame.node(node.args[0]).shape[0] > FEW_ROWS


def combined(block: Block, node: Instruction) -> LlvmValue:
    """Return a block of the sum of x[j] times row j, for few rows."""
    frame = block.frame
    matrix, x = (frame.memory[arg] for arg in node.args)
    count, _ = frame.node(node.args[0]).shape
    terms = [
        block.read(matrix.row(frame.assembler, j)) * factor(frame, x, j)
        for j in range(count)
    ]
    return sum(terms[1:], terms[0])


def factor(frame: Frame, x: Memory, j: Index) -> LlvmValue:
    """Return x[j] in every lane."""
    return read(frame.eight, x.pointer(frame.assembler, (j,)), 0, LANES)


def combine_panel(frame: Frame, node: Instruction, panel: Panel, buffer: str) -> None:
    """Write the sum of x[j] times row j, for a panel's columns, into a buffer."""
    matrix, x = (frame.memory[arg] for arg in node.args)
    count, _ = frame.node(node.args[0]).shape

    def terms(j: Index) -> list[LlvmValue]:
        row, times = matrix.row(frame.assembler, j), factor(frame, x, j)
        pointers = panel.pointers(frame, row)
        return [read(frame.eight, at, 1, panel.live) * times for at in pointers]

    totals = [slot_of(frame, term) for term in terms(0)]
    with counted(frame.assembler, count - 1) as before:
        j = frame.plus(before, 1)
        for slot, term in zip(totals, terms(j), strict=True):
            frame.eight.store(frame.eight.load(slot) + term, slot)
    for number, slot in enumerate(totals):
        value = frame.eight.load(slot)
        frame.eight.store(value, moved(frame.assembler, buffer, LANES * number))


def slot_of(frame: Frame, value: LlvmValue) -> str:
    """Return a slot that begins with a value of eight lanes."""
    slot = frame.assembler.reserve(EIGHT, 64)
    frame.eight.store(value, slot)
    return slot


class FewProjections(Effect):
    """The lane sums of each row times g; all sums stay in registers."""

    def begin(self) -> None:
        """See `Effect`."""
        zero = self.frame.eight.constant(0.0)
        count, _ = self.frame.node(self.node.args[0]).shape
        self.totals = [slot_of(self.frame, zero) for _ in range(count)]

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
            write_one(self.frame.assembler, total, target)


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
            write_one(self.frame.assembler, total, target)

    @contextmanager
    def _each_sum(self) -> Iterator[tuple[Index, str]]:
        with counted(self.frame.assembler, self.count) as j:
            yield j, self.sums.pointer(self.frame.assembler, (j,))
