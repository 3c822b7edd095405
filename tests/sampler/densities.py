"""Log-densities with gradients by hand, fast enough to draw from in a test."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from exmc.typing import Density, Matrix, Vector


def standard_normal(position: Vector, gradient: Vector) -> float:
    np.negative(position, out=gradient)
    return -0.5 * float(position.dot(position))


def normal_with(precision: Matrix) -> Density:
    """N(0, inverse of precision)."""

    def density(position: Vector, gradient: Vector) -> float:
        pulled = precision @ position
        np.negative(pulled, out=gradient)
        return -0.5 * float(position.dot(pulled))

    return density


def quartic(position: Vector, gradient: Vector) -> float:
    """-x^4 / 4 - x^2 / 2, summed: not a Gaussian, and stiff far out."""
    np.copyto(gradient, -(position**3) - position)
    return float(np.sum(-(position**4) / 4 - position**2 / 2))


def banana(position: Vector, gradient: Vector) -> float:
    """X ~ N(0, 1), y ~ N(x^2, 1/4): a bent valley, in two coordinates."""
    x, y = float(position[0]), float(position[1])
    bend = 4.0 * (y - x * x)
    gradient[0], gradient[1] = 2 * x * bend - x, -bend
    return -0.5 * x * x - bend * bend / 8.0


def half_line(position: Vector, gradient: Vector) -> float:
    """N(0, I) where the first coordinate is above -0.5; not finite below."""
    if position[0] < -0.5:
        return math.nan
    return standard_normal(position, gradient)


CORRELATED = normal_with(np.array([[1.0, 0.9], [0.9, 1.0]]) / 0.19)

TWO_DIMENSIONAL: dict[str, Density] = {
    "standard normal": standard_normal,
    "correlated": CORRELATED,
    "quartic": quartic,
    "banana": banana,
    "half line": half_line,
}
