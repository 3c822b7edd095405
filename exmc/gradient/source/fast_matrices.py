"""Linear algebra of the fast emitter: numpy's, by way of inverses of triangles.

numpy has no solver for triangles; its general one costs ten times what a product does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from exmc.numerics import matrices

if TYPE_CHECKING:
    from exmc.typing import Matrix, Vector

SMALL: Final = 16
"""Rows up to which numpy's general inverse is quicker than two halves."""


def inverse(lower: Matrix) -> Matrix:
    """Return the inverse of a lower triangle with zeros above; O(n**3), by products.

    Raises:
        ValueError: There is a zero on the diagonal.
    """
    n = len(lower)
    if n <= SMALL:
        return np.asarray(np.linalg.inv(lower), dtype=np.float64)
    half, result = n // 2, np.zeros((n, n))
    first = result[:half, :half] = inverse(lower[:half, :half])
    last = result[half:, half:] = inverse(lower[half:, half:])
    result[half:, :half] = -(last @ (lower[half:, :half] @ first))
    return result


def cholesky_back(lower: Matrix, inverse: Matrix, g: Matrix) -> Matrix:
    """Return the symmetric gradient by a matrix, from that by its lower factor.

    Murray (2016), eq. 10, with the result shared out between the two triangles.
    """
    middle = np.tril(lower.T @ np.tril(g))
    middle.reshape(-1)[:: len(middle) + 1] *= 0.5
    both = inverse.T @ (middle @ inverse)
    return np.asarray(0.5 * (both + both.T))


def gaussian(k: Matrix, r: Vector) -> Vector:
    """Return -r' k^-1 r / 2 - log(det k) / 2, then k^-1 r, then k^-1, in one vector.

    All NaN if k, shape (n, n), is not positive definite.
    """
    n = r.size
    lower = matrices.cholesky(k)
    root = inverse(lower)
    white = root.dot(r)
    result = np.empty(1 + n + n * n)
    result[0] = -0.5 * white.dot(white) - np.log(np.diagonal(lower)).sum()
    result[1 : 1 + n] = white.dot(root)
    result[1 + n :] = root.T.dot(root).ravel()
    return result
