"""R-hat: how much wider all chains together are than each of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from exmc.diagnostics.chains import (
    as_chains,
    can_be_judged,
    folded,
    rank_normalised,
    split,
)

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from exmc.typing import Matrix


def rhat(draws: ArrayLike) -> float:
    """Return the rank-normalised split R-hat; below 1.01 is good.

    The larger one of two: of the ranks, for chains that disagree about the place,
    and of the ranks of the distances from the median, for chains that disagree
    about the spread (Vehtari et al. 2021, sec. 4.1 and 4.2).

    Args:
        draws: Shape (chain, draw).

    Returns:
        NaN when a draw is NaN, when there are fewer than two chains or four draws,
        or when all draws are the same; huge or infinite when each chain stands
        still in another place.

    Raises:
        OptionError: The shape is another.
    """
    chains = as_chains(draws)
    if not can_be_judged(chains, min_chains=2):
        return np.nan
    halves = split(chains)
    with np.errstate(all="ignore"):
        place = _potential_scale_reduction(rank_normalised(halves))
        spread = _potential_scale_reduction(rank_normalised(folded(halves)))
        larger: float = np.fmax(place, spread)
    return larger


def _potential_scale_reduction(chains: Matrix) -> float:
    """Return R-hat of these chains as they are (Gelman and Rubin 1992, eq. 20)."""
    draws = chains.shape[1]
    within = chains.var(axis=1, ddof=1).mean()
    between = chains.mean(axis=1).var(ddof=1)
    reduction: float = np.sqrt(between / within + (draws - 1) / draws)
    return reduction
