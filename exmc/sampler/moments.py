"""Means and squared deviations of draws and gradients, one pair at a time.

Rule for this file: the compilable subset (exmc.native.subset).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from exmc.sampler.vector import Rows
    from exmc.typing import Vector

# Rows of a window: what is known of the pairs (position, gradient of the log-density)
# in it, both in the model's coordinates. A square is a sum of squared deviations.
POSITION_MEAN: Final = 0
GRADIENT_MEAN: Final = 1
POSITION_SQUARES: Final = 2
GRADIENT_SQUARES: Final = 3
WINDOW_ROWS: Final = 4


def learn_pair(
    windows: Rows,
    first: int,
    count: float,
    position: Vector,
    gradient: Vector,
    scratch: Rows,
) -> None:
    """Take one pair into a window (Welford 1962). O(dim).

    Args:
        windows: Rows of vectors of shape (dim,).
        first: The row where the window begins.
        count: Pairs in it with this one.
        position: Shape (dim,).
        gradient: Shape (dim,).
        scratch: A row or more; workspace.
    """
    deviation = scratch[0]
    mean = windows[first + POSITION_MEAN]
    squares = windows[first + POSITION_SQUARES]
    deviation[:] = position - mean
    mean += deviation / count
    squares += deviation * (position - mean)
    mean = windows[first + GRADIENT_MEAN]
    squares = windows[first + GRADIENT_SQUARES]
    deviation[:] = gradient - mean
    mean += deviation / count
    squares += deviation * (gradient - mean)
