"""Means and variances of draws and gradients, one pair at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from exmc.typing import Matrix, Vector


class Moments:
    """Running moments of (position, gradient) pairs (Welford 1962).

    Row 0 is the position, row 1 the gradient of the log-density there, both in the
    model's unconstrained coordinates.

    Attributes:
        count: Pairs taken in.
        mean: Shape (2, dim).
        squares: Shape (2, dim); sum of squared deviations from the mean.
    """

    def __init__(self, dim: int) -> None:
        self.count = 0
        self.mean: Matrix = np.zeros((2, dim))
        self.squares: Matrix = np.zeros((2, dim))

    def learn(self, pair: Matrix) -> None:
        """Take in one pair, shape (2, dim). O(dim)."""
        self.count += 1
        deviation = pair - self.mean
        self.mean += deviation / self.count
        self.squares += deviation * (pair - self.mean)

    def variance(self) -> Vector:
        """Return the unbiased variances of the positions; needs two pairs or more."""
        variance: Vector = self.squares[0] / (self.count - 1)
        return variance
