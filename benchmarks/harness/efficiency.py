"""How good draws are: one estimator for every framework, ArviZ's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from arviz_stats.base import array_stats

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray


def entries(path: Path) -> list[NDArray[np.float64]]:
    """Every number of every quantity, shape (chain, draw) each."""
    found = []
    with np.load(path) as saved:
        for array in saved.values():
            flat = array.reshape(*array.shape[:2], -1).astype(np.float64)
            found += list(np.moveaxis(flat, 2, 0))
    return found


def least_bulk_ess(draws: list[NDArray[np.float64]]) -> float:
    """The smallest bulk effective sample size of all entries."""
    return min(float(array_stats.ess(x, 0, 1, method="bulk")) for x in draws)


def worst_rhat(draws: list[NDArray[np.float64]]) -> float:
    """The largest rank-normalised R-hat of all entries."""
    return max(float(array_stats.rhat(x, 0, 1, method="rank")) for x in draws)
