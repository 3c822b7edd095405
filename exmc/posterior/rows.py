"""Rows of draws: a block that grows, and the two phases of one chain."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from exmc.typing import Matrix


@dataclass(frozen=True, slots=True, eq=False)
class ChainRows:
    """Every row of one chain.

    Attributes:
        tune: Warm-up rows, shape (tune, columns).
        draw: Rows after warm-up, shape (draw, columns).
    """

    tune: Matrix
    draw: Matrix


class GrowingRows:
    """Rows that are added at the end and never change. Adding is O(1) amortised.

    A view that was handed out stays right for ever: when the memory is full the
    rows move to a larger block, and the old one lives as long as its views.
    """

    def __init__(self, columns: int) -> None:
        self._block = np.empty((0, columns))
        self._length = 0

    def __len__(self) -> int:
        return self._length

    def add(self, rows: Matrix) -> None:
        """Add rows of shape (count, columns) at the end."""
        stop = self._length + len(rows)
        if stop > len(self._block):
            larger = np.empty((max(64, 2 * stop), rows.shape[1]))
            larger[: self._length] = self._block[: self._length]
            self._block = larger
        self._block[self._length : stop] = rows
        self._length = stop

    def view(self, start: int = 0, stop: int | None = None) -> Matrix:
        """Return rows [start, stop), or as many of them as there are, read-only."""
        last = self._length if stop is None else min(stop, self._length)
        rows = self._block[min(start, last) : last]
        rows.flags.writeable = False
        return rows
