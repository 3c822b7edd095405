"""Makes programs, simplified by the rules of the table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exmc.gradient.layout import laid_out
from exmc.gradient.lifting import lifted
from exmc.gradient.numbering import numbered
from exmc.gradient.plain_builder import PlainBuilder
from exmc.gradient.rebuild import simplified
from exmc.gradient.rules.table import RULES
from exmc.gradient.spelling import spelled

if TYPE_CHECKING:
    from exmc.gradient.node import Node
    from exmc.gradient.program import DataArray, Program


class Builder(PlainBuilder):
    """The nodes of one program in the making, each as simple as the rules know."""

    def __init__(self, dim: int) -> None:
        """Begin with nothing, for an input of length dim."""
        super().__init__(dim, RULES)

    def program(self, scalar: Node, vector: Node) -> tuple[Program, list[DataArray]]:
        """Return the program of two outputs, and the data for its slots in order.

        Rules that ask who reads what are tried here; signs are put where they cost
        nothing, data is stored along the lanes, and numbers become data.

        Args:
            scalar: Shape ().
            vector: Shape (n,).
        """
        b, outputs = simplified(self, (scalar, vector), RULES)
        b, outputs = spelled(b, outputs)
        return numbered(self.dim, *lifted(b, laid_out(b, outputs)))
