from __future__ import annotations

import numpy as np
import pytest
from scipy import linalg

from exmc.numerics import matrices

A = np.array([[2.0, 0.3, -0.4], [0.3, 1.5, 0.2], [-0.4, 0.2, 0.9]])
B = np.array([[1.0, -2.0], [0.5, 3.0], [-1.0, 0.1]])


def test_a_factor_times_itself_is_the_matrix() -> None:
    lower = matrices.cholesky(A)
    np.testing.assert_allclose(lower @ lower.T, A, rtol=1e-14)
    np.testing.assert_array_equal(lower, np.tril(lower))


def test_a_matrix_that_is_not_positive_definite_has_nan_for_everything() -> None:
    assert np.isnan(matrices.cholesky(-A)).all()
    assert np.isnan(matrices.gaussian(-A, A[0])).all()
    assert np.isnan(matrices.solve_lower(np.zeros((2, 2)), np.ones(2))).all()


@pytest.mark.parametrize("b", [B, B[:, 0]])
@pytest.mark.parametrize("transposed", [False, True])
def test_a_solve_reads_the_lower_triangle_only(
    b: np.ndarray, *, transposed: bool
) -> None:
    expected = linalg.solve_triangular(A, b, lower=True, trans=transposed)
    solved = matrices.solve_lower(A, b, transposed=transposed)
    np.testing.assert_allclose(solved, expected, rtol=1e-14)


def test_the_gradient_through_a_factor_is_symmetric_and_right() -> None:
    weights = np.arange(9.0).reshape(3, 3)
    gradient = matrices.cholesky_back(matrices.cholesky(A), weights)
    np.testing.assert_array_equal(gradient, gradient.T)
    for i, j in ((0, 0), (1, 0), (2, 1)):
        nudge = np.zeros((3, 3))
        nudge[i, j] = nudge[j, i] = 1e-6
        up, down = matrices.cholesky(A + nudge), matrices.cholesky(A - nudge)
        slope = np.sum(weights * (up - down)) / 2e-6
        assert np.sum(gradient * (nudge != 0.0)) == pytest.approx(slope, rel=1e-7)


def test_a_gaussian_has_its_value_and_both_solves() -> None:
    r = B[:, 0]
    value, solved, inverse = np.split(matrices.gaussian(A, r), [1, 4])
    np.testing.assert_allclose(inverse.reshape(3, 3), np.linalg.inv(A), rtol=1e-13)
    np.testing.assert_allclose(solved, np.linalg.solve(A, r), rtol=1e-13)
    expected = -0.5 * r @ solved - 0.5 * np.log(np.linalg.det(A))
    assert value[0] == pytest.approx(expected, rel=1e-13)
