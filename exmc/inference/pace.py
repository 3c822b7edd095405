"""How many transitions a worker makes before it looks up from its work."""

from __future__ import annotations

BLOCK_SECONDS = 0.005
"""The longest block, about: commands are read, and draws are sent, between blocks."""


class Pace:
    """Learns what a transition costs, and sizes the next block by it.

    The draws do not depend on it: a chain gives the same however it is cut.

    Attributes:
        block: Transitions to make next; 1 at first, so that the first draw is seen.
    """

    def __init__(self) -> None:
        self.block = 1

    def took(self, made: int, seconds: float) -> None:
        """Take in that so many transitions took so long."""
        if seconds <= 0.0:
            self.block *= 2
            return
        affordable = int(made * BLOCK_SECONDS / seconds)
        # A cheap stretch says little about the next one: trees double.
        self.block = max(1, min(affordable, 2 * self.block))
