"""Products of a matrix and a vector, for columns of the matrix that lie side by side.

A matrix of few rows is multiplied within each block of eight columns. One of many
rows is gone through in panels of columns (`exmc.gradient.llvm.panels`): `combine`
for a whole panel, then whatever the loop makes of it, then `project` for the panel,
while it is still in the nearest cache.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from exmc.gradient.llvm.flow import counted
from exmc.gradient.llvm.memory import Memory, moved, read
from exmc.gradient.program import LANES

if TYPE_CHECKING:
    from collections.abc import Callable

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


def combined(
    frame: Frame, node: Instruction, read_row: Callable[[Memory], LlvmValue]
) -> LlvmValue:
    """Return the sum of x[j] times row j, for few rows, as a block reads them."""
    matrix, x = (frame.memory[arg] for arg in node.args)
    count, _ = frame.node(node.args[0]).shape
    terms = [
        read_row(matrix.row(frame.assembler, j)) * factor(frame, x, j)
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

    totals = [frame.slot(term) for term in terms(0)]
    with counted(frame.assembler, count - 1) as before:
        j = frame.plus(before, 1)
        for slot, term in zip(totals, terms(j), strict=True):
            frame.eight.store(frame.eight.load(slot) + term, slot)
    for number, slot in enumerate(totals):
        value = frame.eight.load(slot)
        frame.eight.store(value, moved(frame.assembler, buffer, LANES * number))
