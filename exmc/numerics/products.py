"""Sums of products between parts of matrices: the inner loops of linear algebra.

Each entry takes its terms one by one, in ascending order, so that neither the cut of a
matrix into blocks nor the width of a processor's registers changes a bit. The compiler
of kernels (`exmc.native.subset`) knows these functions and writes its own loops.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from exmc.typing import Array, Matrix


def subtract_products(
    c: Matrix,
    a: Matrix,
    b: Matrix,
    first: int,
    last: int,
    top: int,
    bottom: int,
    left: int,
    right: int,
) -> None:
    """Subtract a[i, k] b[i, j] from c[k, j], for i from `first` up to below `last`.

    Args:
        c: Changed, in rows k from `top` and columns j from `left`, the ends excluded.
        a: Of at least `last` rows and `bottom` columns.
        b: Of at least `last` rows and `right` columns.
        first: Of the terms.
        last: Of the terms; excluded.
        top: Row of c and column of a.
        bottom: Likewise; excluded.
        left: Column of c and of b.
        right: Likewise; excluded.
    """
    terms = (
        a[first:last, top:bottom, np.newaxis] * b[first:last, np.newaxis, left:right]
    )
    _subtract(c[top:bottom, left:right], terms)


def add_products(
    c: Matrix,
    a: Matrix,
    b: Matrix,
    first: int,
    last: int,
    top: int,
    bottom: int,
    left: int,
    right: int,
) -> None:
    """Add a[i, k] b[i, j] to c[k, j]; see `subtract_products`."""
    terms = (
        a[first:last, top:bottom, np.newaxis] * b[first:last, np.newaxis, left:right]
    )
    _subtract(c[top:bottom, left:right], -terms)


def subtract_row_products(
    c: Matrix,
    a: Matrix,
    b: Matrix,
    first: int,
    last: int,
    top: int,
    bottom: int,
    left: int,
    right: int,
) -> None:
    """Subtract a[k, i] b[i, j] from c[k, j]; see `subtract_products`."""
    columns = a[top:bottom, first:last].T
    _subtract(
        c[top:bottom, left:right],
        columns[:, :, np.newaxis] * b[first:last, np.newaxis, left:right],
    )


def _subtract(target: Array, terms: Array) -> None:
    """Subtract terms, shape (terms, rows, columns), one after the other."""
    target[:] = np.subtract.reduce(np.concatenate([target[np.newaxis], terms]), axis=0)
