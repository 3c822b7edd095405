"""Affine maps between the model's coordinates and the kernel's whitened ones.

The kernel moves in coordinates y in which the posterior should look like N(0, I);
the model knows z = mean + A y. The gradient in y is A' times the gradient in z; the
constant log|det A| is left out, so the log-density is the same number in both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np

if TYPE_CHECKING:
    from exmc.typing import Density, Vector


class Preconditioner(Protocol):
    """An invertible affine map z = mean + A y; z and y have shape (dim,)."""

    def position(self, whitened: Vector) -> Vector:
        """Return z for y."""
        ...

    def whitened(self, position: Vector) -> Vector:
        """Return y for z."""
        ...

    def pull_back(self, gradient: Vector) -> Vector:
        """Return the gradient in y for a gradient in z."""
        ...

    def push_forward(self, gradient: Vector) -> Vector:
        """Return the gradient in z for a gradient in y."""
        ...

    def around(self, density: Density) -> Density:
        """Return the density as a function of y."""
        ...


class Diagonal:
    """z = mean + scale * y, entry by entry.

    Attributes:
        mean: Shape (dim,).
        scale: Shape (dim,), greater than zero; its square stands for the variances.
    """

    def __init__(self, mean: Vector, scale: Vector) -> None:
        self.mean = mean
        self.scale = scale

    def position(self, whitened: Vector) -> Vector:
        """Return z for y."""
        # The same operations in the same order as in `around`, for equal bits.
        position: Vector = whitened * self.scale
        position += self.mean
        return position

    def whitened(self, position: Vector) -> Vector:
        """Return y for z."""
        return (position - self.mean) / self.scale

    def pull_back(self, gradient: Vector) -> Vector:
        """Return the gradient in y for a gradient in z."""
        return gradient * self.scale

    def push_forward(self, gradient: Vector) -> Vector:
        """Return the gradient in z for a gradient in y."""
        return gradient / self.scale

    def around(self, density: Density) -> Density:
        """Return the density as a function of y; it reuses one array for z."""
        mean, scale = self.mean, self.scale
        position = np.empty_like(mean)

        def whitened_density(whitened: Vector, gradient: Vector) -> float:
            np.multiply(whitened, scale, position)
            np.add(position, mean, position)
            log_density = density(position, gradient)
            np.multiply(gradient, scale, gradient)
            return log_density

        return whitened_density
