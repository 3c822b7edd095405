"""Factorisations and solves by numpy; NaN where a matrix has none.

The order of their sums is the library's own. For the same bits everywhere there are the
kernels of `exmc.numerics.linear_algebra`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from exmc.typing import Array, Matrix, Vector


def cholesky(a: Matrix) -> Matrix:
    """Return the lower factor; all NaN if a is not positive definite. O(n**3).

    Only the lower triangle of a, shape (n, n), is read.
    """
    try:
        return np.asarray(np.linalg.cholesky(a), dtype=np.float64)
    except np.linalg.LinAlgError:
        return np.full(np.shape(a), np.nan)


def solve_lower(lower: Matrix, b: Array, *, transposed: bool = False) -> Array:
    """Return x for lower x = b, or for lower' x = b. O(n**3).

    Args:
        lower: Shape (n, n); only its lower triangle is read.
        b: Shape (n,) or (n, m).
        transposed: Which of the two.
    """
    triangle = np.tril(lower)
    try:
        solved = np.linalg.solve(triangle.T if transposed else triangle, b)
    except np.linalg.LinAlgError:
        return np.full(np.shape(b), np.nan)
    return np.asarray(solved, dtype=np.float64)


def cholesky_back(lower: Matrix, g: Matrix) -> Matrix:
    """Return the symmetric gradient by a matrix, from that by its lower factor.

    Murray (2016), eq. 10, with the result shared out between the two triangles.
    """
    middle = np.tril(lower.T @ np.tril(g))
    middle[np.diag_indices_from(middle)] *= 0.5
    left = solve_lower(lower, middle, transposed=True)
    both = solve_lower(lower, left.T, transposed=True)
    return np.asarray(0.5 * (both + both.T))


def gaussian(k: Matrix, r: Vector) -> Vector:
    """Return what a normal density with covariance k needs at the residual r.

    Args:
        k: Shape (n, n), symmetric.
        r: Shape (n,).

    Returns:
        Shape (1 + n + n * n,): -r' k^-1 r / 2 - log(det k) / 2, then k^-1 r, then k^-1;
        all NaN if k is not positive definite.
    """
    lower = cholesky(k)
    root = solve_lower(lower, np.eye(len(r)))
    inverse = root.T @ root
    solved = inverse @ r
    value = -0.5 * (r @ solved) - np.sum(np.log(np.diagonal(lower)))
    return np.concatenate([[value], solved, inverse.ravel()])
