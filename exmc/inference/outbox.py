"""When a worker's draws go on their way: in batches closed by count or by age."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from exmc.frames import Frame, Phase

if TYPE_CHECKING:
    from exmc.typing import Vector

MOST_ROWS = 64
MOST_SECONDS = 0.05


class Outbox:
    """Collects the rows of one chain and says which frame is due.

    A batch closes when it has 64 rows, when its age is 50 ms, when the phase
    changes, and after the first row of all, so that a subscriber sees at once
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

    def row(self, phase: Phase, index: int) -> tuple[Frame | None, Vector]:
        """Open the next row, shape (columns,), for the caller to fill.

        Returns:
            The frame that the row's arrival closed, if any, and the row.
        """
        closed = self.flush() if phase is not self._phase else None
        if self._count == 0:
            self._phase, self._first = phase, index
        row = self._rows[self._count]
        self._count += 1
        return closed, row

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
