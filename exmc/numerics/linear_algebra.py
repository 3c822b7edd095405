"""Factorisations and solves with the same bits everywhere, as kernels.

Written in the subset of Python that compiles (`exmc.native.subset`). Rows are what
processors read well, so the Cholesky factor is kept as the upper triangle U of
k = U' U, L = U'. Work is done for BLOCK rows at a time: first all that earlier blocks
contribute, as sums of products, then the block in itself.

Golub & Van Loan (2013), Matrix computations, 4th edition, section 4.2; Murray (2016),
Differentiation of the Cholesky decomposition, arXiv 1602.07527.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from exmc.numerics.elementary.scalar import log
from exmc.numerics.products import (
    add_products,
    subtract_products,
    subtract_row_products,
)
from exmc.numerics.reductions import dot

if TYPE_CHECKING:
    from exmc.typing import Matrix, Vector

BLOCK: Final = 8
"""Rows; the lanes of machine code, so that a block's columns are one group."""


def factor(u: Matrix) -> bool:
    """Replace the upper triangle of a symmetric matrix by U; O(n**3).

    What stands below the diagonal is overwritten by anything.

    Returns:
        Whether the matrix is positive definite; U is unfinished if not.
    """
    n = len(u)
    for top in range(0, n, BLOCK):
        bottom = min(top + BLOCK, n)
        subtract_products(u, u, u, 0, top, top, bottom, top, n)
        for k in range(top, bottom):
            row = u[k]
            for i in range(top, k):
                row[k:] -= u[i, k] * u[i][k:]
            if not 0.0 < row[k] < math.inf:
                return False
            row[k] = math.sqrt(row[k])
            row[k + 1 :] /= row[k]
    return True


def cholesky(a: Matrix, lower: Matrix, u: Matrix) -> None:
    """Write the lower factor of `a`, zeros above, all NaN if it has none.

    Args:
        a: Shape (n, n), symmetric.
        lower: Shape (n, n); filled.
        u: Shape (n, n); scratch.
    """
    u[:] = a
    if not factor(u):
        lower[:] = math.nan
        return
    lower[:] = 0.0
    for i in range(len(a)):
        for k in range(i, len(a)):
            lower[k, i] = u[i, k]


def solve_lower(lower: Matrix, b: Matrix, x: Matrix) -> None:
    """Write the solution of lower x = b; b and x have shape (n, m). O(n * n * m)."""
    n = len(lower)
    m = b.shape[1]
    x[:] = b
    for top in range(0, n, BLOCK):
        bottom = min(top + BLOCK, n)
        subtract_row_products(x, lower, x, 0, top, top, bottom, 0, m)
        for k in range(top, bottom):
            row = x[k]
            for i in range(top, k):
                row -= lower[k, i] * x[i]
            row /= lower[k, k]


def solve_upper(lower: Matrix, b: Matrix, x: Matrix) -> None:
    """Write the solution of lower' x = b; b and x have shape (n, m). O(n * n * m)."""
    n = len(lower)
    m = b.shape[1]
    x[:] = b
    bottom = n
    while bottom > 0:
        top = (bottom - 1) // BLOCK * BLOCK
        subtract_products(x, lower, x, bottom, n, top, bottom, 0, m)
        for k in range(bottom - 1, top - 1, -1):
            row = x[k]
            for i in range(k + 1, bottom):
                row -= lower[i, k] * x[i]
            row /= lower[k, k]
        bottom = top


def solve_lower_vector(lower: Matrix, b: Vector, x: Vector) -> None:
    """Write the solution of lower x = b; b and x have shape (n,)."""
    for k in range(len(b)):
        x[k] = (b[k] - dot(lower[k][:k], x[:k])) / lower[k, k]


def solve_upper_vector(lower: Matrix, b: Vector, x: Vector) -> None:
    """Write the solution of lower' x = b; b and x have shape (n,)."""
    x[:] = b
    for k in range(len(b) - 1, -1, -1):
        x[k] /= lower[k, k]
        x[:k] -= x[k] * lower[k][:k]


def cholesky_back(
    lower: Matrix, g: Matrix, a: Matrix, first: Matrix, second: Matrix
) -> None:
    """Write the symmetric gradient by a matrix, given that by its lower factor.

    Murray (2016), eq. 10, shared out between the two triangles.

    Args:
        lower: Shape (n, n).
        g: Gradient by `lower`, shape (n, n); the lower triangle is read.
        a: Shape (n, n); filled.
        first: Shape (n, n); scratch.
        second: Shape (n, n); scratch.
    """
    n = len(lower)
    first[:] = 0.0
    second[:] = 0.0
    for k in range(n):
        second[k][: k + 1] = g[k][: k + 1]
    for top in range(0, n, BLOCK):
        bottom = min(top + BLOCK, n)
        add_products(first, lower, second, top, n, top, bottom, 0, bottom)
        for k in range(top, bottom):
            first[k, k] *= 0.5
            first[k][k + 1 :] = 0.0
    solve_upper(lower, first, second)
    transpose(second, first)
    solve_upper(lower, first, second)
    transpose(second, first)
    a[:] = 0.5 * (first + second)


def transpose(source: Matrix, target: Matrix) -> None:
    """Write the transpose of a square matrix into another."""
    for i in range(len(source)):
        for j in range(len(source)):
            target[j, i] = source[i, j]


def gaussian(
    k: Matrix, r: Vector, solved: Vector, inverse: Matrix, u: Matrix, root: Matrix
) -> float:
    """Return what a normal density with covariance k has at the residual r. O(n**3).

    Args:
        k: Shape (n, n), symmetric.
        r: Shape (n,).
        solved: Shape (n,); filled with k^-1 r, NaN if k is not positive definite.
        inverse: Shape (n, n); filled with k^-1, or NaN.
        u: Shape (n, n); scratch.
        root: Shape (n, n); scratch.

    Returns:
        -r' k^-1 r / 2 - log(det k) / 2, or NaN; nats.
    """
    u[:] = k
    if not factor(u):
        solved[:] = math.nan
        inverse[:] = math.nan
        return math.nan
    n = len(r)
    solved[:] = r
    log_root = 0.0
    for i in range(n):
        solved[i] /= u[i, i]
        solved[i + 1 :] -= solved[i] * u[i][i + 1 :]
        log_root += log(u[i, i])
    value = -0.5 * dot(solved, solved) - log_root
    for i in range(n - 1, -1, -1):
        solved[i] = (solved[i] - dot(u[i][i + 1 :], solved[i + 1 :])) / u[i, i]
    invert(u, root)
    square(root, inverse)
    return value


def invert(u: Matrix, root: Matrix) -> None:
    """Write the inverse of L = U', zeros above."""
    n = len(u)
    root[:] = 0.0
    for top in range(0, n, BLOCK):
        bottom = min(top + BLOCK, n)
        for left in range(0, top, BLOCK):
            right = left + BLOCK
            subtract_products(root, u, root, left, top, top, bottom, left, right)
        for k in range(top, bottom):
            row = root[k]
            row[k] = 1.0
            for i in range(top, k):
                row[:k] -= u[i, k] * root[i][:k]
            row[: k + 1] /= u[k, k]


def square(root: Matrix, inverse: Matrix) -> None:
    """Write root' root for a lower triangle."""
    n = len(root)
    inverse[:] = 0.0
    for left in range(0, n, BLOCK):
        right = min(left + BLOCK, n)
        add_products(inverse, root, root, left, n, 0, right, left, right)
    for i in range(n):
        for j in range(i):
            inverse[i, j] = inverse[j, i]
