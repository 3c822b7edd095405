"""A pass in panels: some blocks of columns of a matrix at a time.

For each panel, first the products that `combine` makes; then, block by block, whatever
the pass makes of them; then the products of `project`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from exmc.gradient.llvm.flow import counted
from exmc.gradient.llvm.matrix import (
    PANEL,
    Panel,
    combine_panel,
    has_many_rows,
)
from exmc.gradient.llvm.memory import moved, read
from exmc.gradient.program import LANES

if TYPE_CHECKING:
    from exmc.gradient.llvm.flow import Index
    from exmc.gradient.llvm.sweep import Sweep
    from exmc.native.llvm_lanes import LlvmValue


def write_panels(sweep: Sweep) -> None:
    """Write a pass over a shape of one axis."""
    _PanelWriter(sweep).write()


class _PanelWriter:
    def __init__(self, sweep: Sweep) -> None:
        self.sweep, self.frame = sweep, sweep.frame
        self.buffers = {
            number: self.frame.buffer(LANES * PANEL)
            for number in sweep.values
            if self.frame.access(number) is None
            and self.frame.node(number).op == "combine"
            and has_many_rows(self.frame, self.frame.node(number))
        }
        self.scalars = sweep.scalars()

    def write(self) -> None:
        length, width = self.sweep.length, PANEL * LANES
        whole = length - length % width
        if whole:
            with counted(self.frame.assembler, whole, width) as start:
                self._panel(Panel(start, PANEL))
        if blocks := (length - whole) // LANES:
            self._panel(Panel(whole, blocks))
        if rest := length % LANES:
            self._panel(Panel(length - rest, 1, rest))

    def _panel(self, panel: Panel) -> None:
        for number, buffer in self.buffers.items():
            combine_panel(self.frame, self.frame.node(number), panel, buffer)
        with counted(self.frame.assembler, LANES * panel.blocks, LANES) as within:
            at = self.frame.plus(panel.start, within)
            made = self.scalars | self._products(within)
            self.sweep.do(self.sweep.block((at,), panel.live, made, within))
        for effect in self.sweep.effects:
            effect.end_panel(panel)

    def _products(self, within: Index) -> dict[int, LlvmValue]:
        return {
            number: read(
                self.frame.eight, moved(self.frame.assembler, buffer, within), 1
            )
            for number, buffer in self.buffers.items()
        }
