from __future__ import annotations

import numpy as np
import pytest

from exmc.gradient.source import strict_matrices as strict
from exmc.numerics import matrices


def numbers(*shape: int) -> np.ndarray:
    return np.random.Generator(np.random.PCG64(5)).standard_normal(shape)


def positive(n: int) -> np.ndarray:
    a = numbers(n, n + 2)
    return np.asarray(a @ a.T + np.eye(n))


def assert_close(x: np.ndarray, y: np.ndarray) -> None:
    np.testing.assert_allclose(x, y, rtol=1e-11, atol=1e-12)


@pytest.mark.parametrize("n", [1, 2, 8, 9, 21])
def test_matrices_agree_with_numpys(n: int) -> None:
    k, r, g = positive(n), numbers(n), numbers(n, n)
    lower = matrices.cholesky(k)
    assert_close(strict.cholesky(k), lower)
    assert_close(strict.cholesky_back(lower, g), matrices.cholesky_back(lower, g))
    assert_close(strict.gaussian(k, r), matrices.gaussian(k, r))


@pytest.mark.parametrize("transposed", [False, True])
@pytest.mark.parametrize("shape", [(1,), (9,), (9, 1), (9, 4), (17, 17)])
def test_solutions_agree_with_numpys(shape: tuple[int, ...], transposed: bool) -> None:
    lower, b = matrices.cholesky(positive(shape[0])), numbers(*shape)
    assert_close(
        strict.solve_lower(lower, b, transposed=transposed),
        matrices.solve_lower(lower, b, transposed=transposed),
    )


def test_a_matrix_that_is_not_positive_definite_gives_nan() -> None:
    indefinite = np.array([[1.0, 2.0], [2.0, 1.0]])
    assert np.isnan(strict.cholesky(indefinite)).all()
    assert np.isnan(strict.gaussian(indefinite, np.ones(2))).all()
