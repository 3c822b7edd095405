from __future__ import annotations

import numpy as np
import pytest

from exmc.numerics import products
from exmc.numerics.products import (
    add_products,
    subtract_products,
    subtract_row_products,
)
from exmc.typing import Matrix
from tests.native.subset.compiling import Compiled, compiled, refused


def added(c: Matrix, a: Matrix, b: Matrix, i: int, k: int, j: int) -> None:
    add_products(c, a, b, i, 12, k, 11, j, 19)


def subtracted(c: Matrix, a: Matrix, b: Matrix, i: int, k: int, j: int) -> None:
    subtract_products(c, a, b, i, 12, k, 11, j, 19)


def subtracted_by_rows(c: Matrix, a: Matrix, b: Matrix, i: int, k: int, j: int) -> None:
    subtract_row_products(c, a, b, i, 12, k, 11, j, 19)


KERNELS = (added, subtracted, subtracted_by_rows)


@pytest.fixture(scope="module")
def native() -> Compiled:
    return compiled(*KERNELS)


@pytest.mark.native
@pytest.mark.parametrize("name", [kernel.__name__ for kernel in KERNELS])
@pytest.mark.parametrize("start", [0, 3, 10])
@pytest.mark.parametrize("left", [0, 2, 3, 11, 19])
def test_sums_of_products_have_pythons_bits(
    native: Compiled, name: str, start: int, left: int
) -> None:
    """Bounds that make whole tiles, tails, both and neither."""
    rng = np.random.Generator(np.random.PCG64(left))
    a, b = rng.standard_normal((14, 13)), rng.standard_normal((14, 20))
    ours = rng.standard_normal((12, 20))
    pythons = ours.copy()
    native[name](ours, a, b, start, start, left)
    globals()[name](pythons, a, b, start, start, left)
    np.testing.assert_array_equal(ours, pythons)


def no_matrix(c: Matrix, n: int) -> None:
    add_products(c, c, c[0], 0, n, 0, n, 0, n)


def too_few_bounds(c: Matrix, n: int) -> None:
    add_products(c, c, c, 0, n)  # type: ignore[call-arg]


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (no_matrix, "its first three arguments are matrices"),
        (too_few_bounds, "three matrices and six bounds"),
    ],
)
def test_what_is_outside_is_refused_at_its_line(function: object, message: str) -> None:
    assert callable(function)
    assert refused(function, message) == 1


def test_every_function_of_products_is_known() -> None:
    known = {"add_products", "subtract_products", "subtract_row_products"}
    assert {n for n in vars(products) if n.endswith("_products")} == known
