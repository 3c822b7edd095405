"""What a step of a loop does, at the moments when a loop may ask it to."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from exmc.gradient.llvm.block import Block
    from exmc.gradient.llvm.flow import Index
    from exmc.gradient.llvm.frame import Frame
    from exmc.gradient.llvm.matrix import Panel
    from exmc.gradient.schedule import Step


class Effect:
    """A step of a loop.

    Attributes:
        frame: The function.
        step: What is to be done.
        node: Its instruction.
    """

    def __init__(self, frame: Frame, step: Step) -> None:
        self.frame = frame
        self.step = step
        self.node = frame.node(step.number)

    def begin(self) -> None:
        """Write what comes before the whole loop."""

    def begin_row(self, index: Sequence[Index]) -> None:
        """Write what comes before the loop along the lane axis, whose index is 0."""

    def at(self, block: Block) -> None:
        """Write what is done for each block."""

    def end_panel(self, panel: Panel) -> None:
        """Write what follows some blocks, if the loop goes in panels."""

    def end_row(self, index: Sequence[Index]) -> None:
        """Write what comes after the loop along the lane axis."""

    def end(self) -> None:
        """Write what comes after the whole loop."""
