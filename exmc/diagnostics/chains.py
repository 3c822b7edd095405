"""What every diagnostic does to its chains first: check, split, rank."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from exmc.errors import OptionError
from exmc.numerics.special import ndtri

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from exmc.typing import Array, Matrix

MIN_DRAWS: Final = 4
"""Fewer cannot be split into two halves with a variance each."""


def as_chains(draws: ArrayLike) -> Matrix:
    """Return draws as float64 of shape (chain, draw).

    Raises:
        OptionError: They have another number of axes.
    """
    chains = np.asarray(draws, dtype=np.float64)
    if chains.ndim != 2:
        message = (
            f"Draws must have shape (chain, draw), got {chains.shape}; take one "
            f"element of a vector at a time, and draws[None] of a single chain."
        )
        raise OptionError(message)
    return chains


def can_be_judged(chains: Matrix, min_chains: int = 1) -> bool:
    """Tell whether there is enough to judge: 4 draws a chain and no NaN."""
    enough = chains.shape[0] >= min_chains and chains.shape[1] >= MIN_DRAWS
    return enough and not np.isnan(chains).any()


def is_constant(chains: Matrix) -> bool:
    """Tell whether every draw of every chain is the same number."""
    return bool(chains.min() == chains.max())


def split(chains: Matrix) -> Matrix:
    """Return the first halves, then the second halves: shape (2 chain, draw // 2).

    The middle draw of an odd number belongs to neither.
    """
    half = chains.shape[1] // 2
    return np.concatenate([chains[:, :half], chains[:, -half:]])


def rank_normalised(chains: Matrix) -> Matrix:
    """Return the normal scores of the pooled ranks. O(n log n).

    Vehtari, Gelman, Simpson, Carpenter, Buerkner 2021, eq. 14, with Blom's
    offset 3/8; draws that tie share their average rank.
    """
    ranks = _average_ranks(chains.ravel())
    scores = ndtri((ranks - 0.375) / (chains.size + 0.25))
    return scores.reshape(chains.shape)


def folded(chains: Matrix) -> Matrix:
    """Return distances from the pooled median: large in both tails."""
    return np.abs(chains - np.median(chains))


def _average_ranks(values: Array) -> Array:
    order = np.argsort(values)
    ordered = values[order]
    begins = np.concatenate([[True], ordered[1:] != ordered[:-1]])
    edges = np.append(np.flatnonzero(begins), len(values))
    of_group = (edges[:-1] + 1 + edges[1:]) / 2
    ranks = np.empty(len(values))
    ranks[order] = of_group[np.cumsum(begins) - 1]
    return ranks
