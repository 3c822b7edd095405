from __future__ import annotations

import numpy as np
import pytest

from exmc.numerics import linear_algebra
from exmc.numerics.linear_algebra import (
    cholesky,
    cholesky_back,
    gaussian,
    solve_lower,
    solve_lower_vector,
    solve_upper,
    solve_upper_vector,
)
from exmc.typing import Matrix

SIZES = [1, 3, 8, 9, 21]


def covariance(n: int) -> Matrix:
    factors = np.random.Generator(np.random.PCG64(n)).standard_normal((n, n + 3))
    return factors @ factors.T


def lower_factor(a: Matrix) -> Matrix:
    lower, scratch = np.empty_like(a), np.empty_like(a)
    cholesky(a, lower, scratch)
    return lower


def numpys_factor(a: Matrix) -> Matrix:
    return np.asarray(np.linalg.cholesky(a), dtype=np.float64)


def close(actual: Matrix, wanted: Matrix) -> None:
    np.testing.assert_allclose(actual, wanted, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("n", SIZES)
def test_the_factor_is_numpys(n: int) -> None:
    close(lower_factor(covariance(n)), numpys_factor(covariance(n)))


def test_a_matrix_that_is_not_positive_definite_has_no_factor() -> None:
    a = covariance(12)
    a[10, 10] = -1.0
    assert np.isnan(lower_factor(a)).all()


def test_a_matrix_with_nan_has_no_factor() -> None:
    a = covariance(3)
    a[1, 1] = np.nan
    assert np.isnan(lower_factor(a)).all()


@pytest.mark.parametrize("n", SIZES)
def test_solutions_solve(n: int) -> None:
    lower = numpys_factor(covariance(n))
    b = np.random.Generator(np.random.PCG64(1)).standard_normal((n, 5))
    x = np.empty_like(b)
    solve_lower(lower, b, x)
    close(lower @ x, b)
    solve_upper(lower, b, x)
    close(lower.T @ x, b)


@pytest.mark.parametrize("n", SIZES)
def test_solutions_for_one_vector_solve(n: int) -> None:
    lower = numpys_factor(covariance(n))
    b = np.random.Generator(np.random.PCG64(2)).standard_normal(n)
    x = np.empty_like(b)
    solve_lower_vector(lower, b, x)
    close(lower @ x, b)
    solve_upper_vector(lower, b, x)
    close(lower.T @ x, b)


@pytest.mark.parametrize("n", SIZES)
def test_the_gradient_through_the_factor_agrees_with_differences(n: int) -> None:
    a = covariance(n) / n
    rng = np.random.Generator(np.random.PCG64(4))
    g, nudge = rng.standard_normal((2, n, n))
    nudge = 1e-6 * (nudge + nudge.T)
    gradient, first, second = np.empty((3, n, n))
    cholesky_back(lower_factor(a), g, gradient, first, second)
    change = np.linalg.cholesky(a + nudge) - np.linalg.cholesky(a - nudge)
    wanted = np.sum(np.tril(g) * change) / 2.0
    assert np.sum(gradient * nudge) == pytest.approx(wanted, rel=1e-5)
    np.testing.assert_array_equal(gradient, gradient.T)


@pytest.mark.parametrize("n", SIZES)
def test_a_gaussian_has_its_density_and_the_inverse(n: int) -> None:
    k = covariance(n)
    r = np.random.Generator(np.random.PCG64(5)).standard_normal(n)
    solved = np.empty(n)
    inverse, u, root = np.empty((3, n, n))
    value = gaussian(k, r, solved, inverse, u, root)
    close(inverse @ k, np.eye(n))
    close(k @ solved, r)
    density = -0.5 * r @ np.linalg.solve(k, r) - 0.5 * np.linalg.slogdet(k)[1]
    assert value == pytest.approx(density, rel=1e-12)
    np.testing.assert_array_equal(inverse, inverse.T)


def test_a_gaussian_without_a_density_is_nan_throughout() -> None:
    solved = np.empty(2)
    inverse, u, root = np.empty((3, 2, 2))
    k = np.array([[1.0, 2.0], [2.0, 1.0]])
    assert np.isnan(gaussian(k, np.ones(2), solved, inverse, u, root))
    assert np.isnan(solved).all()
    assert np.isnan(inverse).all()


def test_the_cut_into_blocks_of_the_factor_changes_no_bit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole = lower_factor(covariance(21))
    monkeypatch.setattr(linear_algebra, "BLOCK", 5)
    np.testing.assert_array_equal(lower_factor(covariance(21)), whole)
