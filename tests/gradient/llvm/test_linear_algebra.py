from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from exmc.gradient.llvm.linear_algebra import SOLVERS
from exmc.gradient.node import Node
from exmc.gradient.plain_builder import PlainBuilder
from tests.gradient.llvm.machine import assert_strict_bits, numbers, vector_of

# The kernels take the compiler a tenth of a second each.
pytestmark = [pytest.mark.native, pytest.mark.slow]

SIZES = [1, 3, 8, 13]


def positive(n: int) -> np.ndarray:
    a = numbers(n, n + 2)
    return np.asarray(a @ a.T / n + np.eye(n))


def applied(op: str, *arrays: np.ndarray, **attributes: Any) -> None:
    """Compare an operation on data with the strict one."""

    def make(b: PlainBuilder, _: Node) -> Node:
        return b.apply(op, *(b.data(array) for array in arrays), **attributes)

    assert_strict_bits(vector_of(make, 1))


@pytest.mark.parametrize("n", SIZES)
def test_factorisations_have_the_strict_bits(n: int) -> None:
    applied("cholesky", positive(n))
    applied("cholesky_back", np.linalg.cholesky(positive(n)), numbers(n, n))


@pytest.mark.parametrize(("transposed", "rank"), SOLVERS)
def test_solutions_have_the_strict_bits(rank: int, *, transposed: bool) -> None:
    for n in SIZES:
        lower = np.linalg.cholesky(positive(n))
        applied("solve_lower", lower, numbers(*(n, 3)[:rank]), transposed=transposed)


@pytest.mark.parametrize("n", SIZES)
def test_normal_densities_have_the_strict_bits(n: int) -> None:
    applied("gaussian", positive(n), numbers(n))


def test_a_matrix_that_is_not_positive_definite_gives_nan() -> None:
    applied("cholesky", -np.eye(9))
    applied("gaussian", -np.eye(9), numbers(9))
