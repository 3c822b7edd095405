"""Estimates of the diagonal metric from moments of draws and gradients."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from exmc.sampler.preconditioner import Diagonal

if TYPE_CHECKING:
    from exmc.sampler.moments import Moments
    from exmc.typing import Vector

SMALLEST_SLOPE = 1e-10
LARGEST_SLOPE = 1e20
SMALLEST_VARIANCE = 1e-40
LARGEST_VARIANCE = 1e40
FEWEST_PAIRS = 4


def from_gradient(position: Vector, gradient: Vector) -> Diagonal:
    """Guess a metric before any draw: variance 1 / |gradient|, centred here.

    Gradients below 1e-10 and beyond 1e20 are held there.
    """
    slope = np.clip(np.abs(gradient), SMALLEST_SLOPE, LARGEST_SLOPE)
    return Diagonal(position.copy(), 1.0 / np.sqrt(slope))


def unit(dim: int) -> Diagonal:
    """Return the metric that changes nothing."""
    return Diagonal(np.zeros(dim), np.ones(dim))


def fisher(moments: Moments, previous: Diagonal) -> Diagonal | None:
    """Balance draws and gradients: variance = sqrt(var(draws) / var(gradients)).

    For a Gaussian both say the same; otherwise this is the diagonal that minimises
    the Fisher divergence (Seyboldt, Carlson & Carpenter 2026, arXiv 2603.18845). The
    centre is mean(draws) + variance * mean(gradients).

    Returns:
        The metric; None while there are less than four pairs. A coordinate without a
        usable estimate, for example one that has not moved, keeps its scale and centre.
    """
    if moments.count < FEWEST_PAIRS:
        return None
    with np.errstate(all="ignore"):
        variance = np.sqrt(moments.squares[0] / moments.squares[1])
        mean = moments.mean[0] + variance * moments.mean[1]
        usable = (variance > SMALLEST_VARIANCE) & (variance < LARGEST_VARIANCE)
        usable &= np.isfinite(mean)
        return Diagonal(
            np.where(usable, mean, previous.mean),
            np.where(usable, np.sqrt(variance), previous.scale),
        )


def regularised_variance(moments: Moments, previous: Diagonal) -> Diagonal | None:
    """Stan's estimate: the draws' variances, shrunk towards 0.001 as five draws would.

    variance = n / (n + 5) * var(draws) + 0.001 * 5 / (n + 5). The centre stays.

    Returns:
        The metric; None while there are less than two draws.
    """
    if moments.count < 2:
        return None
    count = moments.count
    variance = (count * moments.variance() + 0.005) / (count + 5.0)
    return Diagonal(previous.mean, np.sqrt(variance))
