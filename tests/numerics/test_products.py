from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from exmc.numerics.products import (
    add_products,
    subtract_products,
    subtract_row_products,
)
from exmc.typing import Matrix

Products = Callable[..., None]
BOUNDS = (1, 5, 2, 6, 0, 7)


def matrices() -> tuple[Matrix, Matrix, Matrix]:
    rng = np.random.Generator(np.random.PCG64(11))
    c, a, b = rng.standard_normal((3, 9, 9))
    return c, a, b


def one_by_one(c: Matrix, a: Matrix, b: Matrix, sign: float) -> Matrix:
    first, last, top, bottom, left, right = BOUNDS
    wanted = c.copy()
    for k in range(top, bottom):
        for j in range(left, right):
            for i in range(first, last):
                wanted[k, j] += sign * (a[i, k] * b[i, j])
    return wanted


def test_products_are_subtracted_one_by_one_in_ascending_order() -> None:
    c, a, b = matrices()
    wanted = one_by_one(c, a, b, -1.0)
    subtract_products(c, a, b, *BOUNDS)
    np.testing.assert_array_equal(c, wanted)


def test_products_are_added_one_by_one_in_ascending_order() -> None:
    c, a, b = matrices()
    wanted = one_by_one(c, a, b, 1.0)
    add_products(c, a, b, *BOUNDS)
    np.testing.assert_array_equal(c, wanted)


def test_row_products_read_the_first_matrix_transposed() -> None:
    c, a, b = matrices()
    wanted = one_by_one(c, a, b, -1.0)
    subtract_row_products(c, a.T.copy(), b, *BOUNDS)
    np.testing.assert_array_equal(c, wanted)


@pytest.mark.parametrize("function", [subtract_products, add_products])
def test_no_terms_change_nothing(function: Products) -> None:
    c, a, b = matrices()
    before = c.copy()
    function(c, a, b, 3, 3, 0, 9, 0, 9)
    np.testing.assert_array_equal(c, before)


def test_a_matrix_product_rounds_in_another_order() -> None:
    rng = np.random.Generator(np.random.PCG64(12))
    a, b = rng.standard_normal((2, 200, 20))
    c = np.zeros((20, 20))
    add_products(c, a, b, 0, 200, 0, 20, 0, 20)
    assert not np.array_equal(c, a.T @ b)
    np.testing.assert_allclose(c, a.T @ b, rtol=1e-10, atol=1e-12)
