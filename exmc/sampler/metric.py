"""Estimates of the metric from moments of draws and gradients.

Rule for this file: the compilable subset (exmc.native.subset).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from exmc.sampler.moments import (
    GRADIENT_MEAN,
    GRADIENT_SQUARES,
    POSITION_MEAN,
    POSITION_SQUARES,
)
from exmc.sampler.preconditioner import MEAN, SCALE

if TYPE_CHECKING:
    from exmc.sampler.vector import Rows
    from exmc.typing import Vector

SMALLEST_SLOPE: Final = 1e-10
LARGEST_SLOPE: Final = 1e20
SMALLEST_VARIANCE: Final = 1e-40
LARGEST_VARIANCE: Final = 1e40
LARGEST: Final = 1.7976931348623157e308
"""The largest float."""
FEWEST_PAIRS: Final = 4.0
FEWEST_DRAWS: Final = 2.0


def from_gradient(metric: Rows, position: Vector, gradient: Vector) -> None:
    """Guess a metric before any draw: variance 1 / |gradient|, centred here.

    Gradients below 1e-10 and beyond 1e20 are held there.
    """
    mean = metric[MEAN]
    scale = metric[SCALE]
    mean[:] = position
    scale[:] = np.abs(gradient)
    scale[:] = np.where(scale < SMALLEST_SLOPE, SMALLEST_SLOPE, scale)
    scale[:] = np.where(scale > LARGEST_SLOPE, LARGEST_SLOPE, scale)
    scale[:] = 1.0 / np.sqrt(scale)


def fisher(metric: Rows, windows: Rows, count: float, scratch: Rows) -> bool:
    """Balance draws and gradients: variance = sqrt(var(draws) / var(gradients)).

    For a Gaussian both say the same; otherwise this is the diagonal that minimises
    the Fisher divergence (Seyboldt, Carlson & Carpenter 2026, arXiv 2603.18845). The
    centre is mean(draws) + variance * mean(gradients).

    Args:
        metric: Changed. A coordinate without a usable estimate, for example one that
            has not moved, keeps its scale and centre.
        windows: Its first window gives the moments.
        count: Pairs in that window.
        scratch: Two rows or more; workspace.

    Returns:
        False, and nothing is changed, while there are less than four pairs.
    """
    if count < FEWEST_PAIRS:
        return False
    mean = metric[MEAN]
    scale = metric[SCALE]
    variance = scratch[0]
    centre = scratch[1]
    variance[:] = np.sqrt(windows[POSITION_SQUARES] / windows[GRADIENT_SQUARES])
    centre[:] = windows[POSITION_MEAN] + variance * windows[GRADIENT_MEAN]
    variance[:] = np.where(np.abs(centre) <= LARGEST, variance, 0.0)
    variance[:] = np.where(
        (variance > SMALLEST_VARIANCE) & (variance < LARGEST_VARIANCE), variance, 0.0
    )
    mean[:] = np.where(variance > 0.0, centre, mean)
    scale[:] = np.where(variance > 0.0, np.sqrt(variance), scale)
    return True


def regularised_variance(metric: Rows, windows: Rows, count: float) -> bool:
    """Stan's estimate: the draws' variances, shrunk towards 0.001 as five draws would.

    variance = n / (n + 5) * var(draws) + 0.001 * 5 / (n + 5). The centre stays.

    Args:
        metric: Its scale is changed.
        windows: Its first window gives the moments.
        count: Pairs in that window.

    Returns:
        False, and nothing is changed, while there are less than two draws.
    """
    if count < FEWEST_DRAWS:
        return False
    scale = metric[SCALE]
    squares = windows[POSITION_SQUARES]
    scale[:] = np.sqrt((count * (squares / (count - 1.0)) + 0.005) / (count + 5.0))
    return True
