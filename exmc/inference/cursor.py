"""A subscriber's place in the draws: one index a chain and phase, not a queue.

A cursor that stands still costs nobody anything; what it has not read is in the
log, once, for everybody.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from exmc.frames import Phase
from exmc.run import Batch

if TYPE_CHECKING:
    from exmc.posterior import DrawLog

MOST_ROWS = 4096
"""Rows a batch may have: a late subscriber catches up in pieces."""


class Cursor:
    """Reads every draw once, in order within a chain, the chains in turn.

    Args:
        chains: Number of chains.
        from_draw: First draw wanted of each chain.
        warmup: Also read the warm-up, before the draws of its chain.
    """

    def __init__(
        self, chains: int, *, from_draw: int = 0, warmup: bool = False
    ) -> None:
        phases = (Phase.TUNE, Phase.DRAW) if warmup else (Phase.DRAW,)
        first = {Phase.TUNE: 0, Phase.DRAW: from_draw}
        self._next = {
            (chain, phase): first[phase] for chain in range(chains) for phase in phases
        }
        self._turn = list(self._next)

    def take(self, log: DrawLog) -> Batch | None:
        """Return the next unread draws of some chain, or None if all are read."""
        for place in self._turn:
            chain, phase = place
            first = self._next[place]
            stop = min(log.length(chain, phase), first + MOST_ROWS)
            if stop > first:
                self._next[place] = stop
                self._turn.remove(place)
                self._turn.append(place)
                rows = log.rows(chain, phase, first, stop)
                return Batch(chain, phase, first, rows, log.schema)
        return None
