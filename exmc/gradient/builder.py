"""Makes programs, simplified by the rules of the table."""

from __future__ import annotations

from exmc.gradient.plain_builder import PlainBuilder
from exmc.gradient.rules.table import RULES


class Builder(PlainBuilder):
    """The nodes of one program in the making, each as simple as the rules know."""

    def __init__(self, dim: int) -> None:
        """Begin with nothing, for an input of length dim."""
        super().__init__(dim, RULES)
