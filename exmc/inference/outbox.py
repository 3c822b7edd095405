"""When a worker's draws go on their way: in batches closed by count or by age."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from exmc.frames import Frame, Phase

if TYPE_CHECKING:
    from exmc.typing import Matrix

MOST_ROWS = 256
MOST_SECONDS = 0.05


class Outbox:
    """Collects the rows of one chain and says which frame is due.

    A batch closes when it has 256 rows, when its age is 50 ms, when the phase
    changes, and after the first rows of all, so that a subscriber sees at once
    that the chain is alive.

    Args:
        chain: Which chain.
        epoch: How often its worker was started before.
        columns: Columns of a row.
        now: Seconds on the worker's clock.
    """

    def __init__(self, chain: int, epoch: int, columns: int, now: float) -> None:
        self._chain = chain
        self._epoch = epoch
        self._rows = np.empty((MOST_ROWS, columns))
        self._count = 0
        self._first = 0
        self._phase = Phase.TUNE
        self._since = now - MOST_SECONDS

    def put(self, phase: Phase, first: int, rows: Matrix) -> Frame | None:
        """Take rows in.

        Args:
            phase: Of all the rows.
            first: Index of the first of them within its phase.
            rows: Shape (n, columns), n at most 256; copied.

        Returns:
            The frame that their arrival closed, if any.
        """
        full = self._count + len(rows) > MOST_ROWS
        closed = self.flush() if full or phase is not self._phase else None
        if self._count == 0:
            self._phase, self._first = phase, first
        self._rows[self._count : self._count + len(rows)] = rows
        self._count += len(rows)
        return closed

    def due(self, now: float) -> Frame | None:
        """Return the batch as a frame if it is full or old enough."""
        if self._count < MOST_ROWS and now - self._since < MOST_SECONDS:
            return None
        self._since = now
        return self.flush()

    def flush(self) -> Frame | None:
        """Return what is there as a frame, or None when there is nothing."""
        if self._count == 0:
            return None
        rows = self._rows[: self._count]
        self._count = 0
        return Frame.draws(
            rows,
            chain=self._chain,
            phase=self._phase,
            first=self._first,
            epoch=self._epoch,
        )
