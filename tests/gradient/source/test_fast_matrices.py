from __future__ import annotations

import numpy as np
import pytest

from exmc.gradient.source import fast_matrices as fast
from exmc.numerics import matrices


def numbers(*shape: int) -> np.ndarray:
    return np.random.Generator(np.random.PCG64(5)).standard_normal(shape)


def positive(n: int) -> np.ndarray:
    a = numbers(n, n + 2)
    return np.asarray(a @ a.T + np.eye(n))


def assert_close(x: np.ndarray, y: np.ndarray) -> None:
    np.testing.assert_allclose(x, y, rtol=1e-11, atol=1e-12)


@pytest.mark.parametrize("n", [1, 2, 16, 17, 33, 70])
def test_matrices_agree_with_those_by_solves(n: int) -> None:
    k, r, g = positive(n), numbers(n), numbers(n, n)
    lower = matrices.cholesky(k)
    inverse = fast.inverse(lower)
    assert_close(inverse @ lower, np.eye(n))
    back = fast.cholesky_back(lower, inverse, g)
    assert_close(back, matrices.cholesky_back(lower, g))
    assert_close(fast.gaussian(k, r), matrices.gaussian(k, r))


def test_a_matrix_that_is_not_positive_definite_gives_nan() -> None:
    indefinite = np.array([[1.0, 2.0], [2.0, 1.0]])
    assert np.isnan(fast.gaussian(indefinite, np.ones(2))).all()


def test_a_zero_on_the_diagonal_is_left_to_the_strict_function() -> None:
    with pytest.raises(ValueError, match="Singular"):
        fast.inverse(np.zeros((2, 2)))
