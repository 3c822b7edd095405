from __future__ import annotations

import numpy as np
import pytest

from exmc.numerics.elementary.polynomial import polynomial

X = np.linspace(-1.0, 1.0, 41)


def law_of_polynomials(coefficients: list[float]) -> None:
    """Equal to numpy's, lowest power first."""
    expected = np.polynomial.polynomial.polyval(X, coefficients)
    np.testing.assert_allclose(polynomial(X, coefficients), expected, atol=1e-14)


@pytest.mark.parametrize("length", [2, 3, 5, 6, 7, 11, 12, 25])
def test_every_length_is_evaluated_lowest_power_first(length: int) -> None:
    law_of_polynomials([1.0 / (k + 1) for k in range(length)])


def test_the_law_rejects_powers_in_the_other_order() -> None:
    coefficients = [3.0, 2.0, 1.0]
    with pytest.raises(AssertionError):
        np.testing.assert_allclose(
            polynomial(X, coefficients[::-1]),
            np.polynomial.polynomial.polyval(X, coefficients),
        )


def test_floats_and_arrays_give_the_same_bits() -> None:
    coefficients = [1.0 / (k + 3) for k in range(13)]
    each = [polynomial(x, coefficients) for x in X.tolist()]
    np.testing.assert_array_equal(polynomial(X, coefficients), each)
