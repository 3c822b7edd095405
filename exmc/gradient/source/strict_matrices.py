"""Linear algebra of the strict emitter: the kernels, with their scratch memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from exmc.numerics import linear_algebra as kernels

if TYPE_CHECKING:
    from exmc.typing import Array, Matrix, Vector


def cholesky(a: Matrix) -> Matrix:
    """Return the lower factor, zeros above; all NaN if there is none. O(n**3)."""
    lower = np.empty(a.shape)
    kernels.cholesky(a, lower, np.empty(a.shape))
    return lower


def cholesky_back(lower: Matrix, g: Matrix) -> Matrix:
    """Return the symmetric gradient by a matrix, from that by its lower factor."""
    a, first, second = (np.empty(lower.shape) for _ in range(3))
    kernels.cholesky_back(lower, g, a, first, second)
    return a


def solve_lower(lower: Matrix, b: Array, *, transposed: bool) -> Array:
    """Return x for lower x = b, or for lower' x = b; b has shape (n,) or (n, m)."""
    x = np.empty(b.shape)
    if b.ndim == 1:
        vector = (
            kernels.solve_upper_vector if transposed else kernels.solve_lower_vector
        )
        vector(lower, b, x)
    else:
        matrix = kernels.solve_upper if transposed else kernels.solve_lower
        matrix(lower, b, x)
    return x


def gaussian(k: Matrix, r: Vector) -> Vector:
    """Return the value, k^-1 r and k^-1 in one vector, shape (1 + n + n * n,)."""
    n = r.size
    result = np.empty(1 + n + n * n)
    inverse, u, root = (np.empty(k.shape) for _ in range(3))
    result[0] = kernels.gaussian(k, r, result[1 : 1 + n], inverse, u, root)
    result[1 + n :] = inverse.ravel()
    return result
