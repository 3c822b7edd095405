from __future__ import annotations

import mpmath
import numpy as np
import pytest

from exmc.numerics.elementary import exponential, scalar
from exmc.numerics.elementary.arrays import ARRAYS
from tests.numerics.elementary.accuracy import (
    Row,
    both_signs,
    by_magnitude,
    evenly,
    law_of_accuracy,
    law_rejects_a_wrong_digit,
)

INF, NAN = np.inf, np.nan
EVERY_SIZE = both_signs(by_magnitude(1e-300, 700.0))


def logistic(x: mpmath.mpf) -> mpmath.mpf:
    return 1 / (1 + mpmath.exp(-x))


ROWS = {
    "exp, everywhere": Row("exp", mpmath.exp, (evenly(-708.3, 709.7),), 2e-16),
    "exp, near zero": Row("exp", mpmath.exp, (evenly(-1.0, 1.0),), 2e-16),
    "expm1, everywhere": Row("expm1", mpmath.expm1, (EVERY_SIZE,), 3e-16),
    "expm1, middle": Row("expm1", mpmath.expm1, (evenly(-2.0, 2.0),), 3e-16),
    "tanh, everywhere": Row("tanh", mpmath.tanh, (EVERY_SIZE,), 4e-16),
    "tanh, middle": Row("tanh", mpmath.tanh, (evenly(-3.0, 3.0),), 4e-16),
    "sigmoid, everywhere": Row("sigmoid", logistic, (evenly(-708.0, 40.0),), 4e-16),
    "sigmoid, middle": Row("sigmoid", logistic, (evenly(-5.0, 5.0),), 4e-16),
}


@pytest.mark.parametrize("name", ROWS)
def test_a_function_agrees_with_mpmath(name: str) -> None:
    law_of_accuracy(ROWS[name])


@pytest.mark.parametrize("name", ROWS)
def test_the_law_rejects_a_wrong_digit(name: str) -> None:
    law_rejects_a_wrong_digit(ROWS[name])


@pytest.mark.parametrize(
    ("name", "x", "expected"),
    [
        ("exp", -INF, 0.0),
        ("exp", -709.0, 0.0),
        ("exp", 0.0, 1.0),
        ("exp", 709.79, INF),
        ("exp", INF, INF),
        ("exp", NAN, NAN),
        ("expm1", -INF, -1.0),
        ("expm1", INF, INF),
        ("expm1", NAN, NAN),
        ("tanh", -INF, -1.0),
        ("tanh", INF, 1.0),
        ("tanh", NAN, NAN),
        ("sigmoid", -INF, 0.0),
        ("sigmoid", INF, 1.0),
        ("sigmoid", NAN, NAN),
    ],
)
def test_an_edge_has_its_stated_value(name: str, x: float, expected: float) -> None:
    np.testing.assert_array_equal(getattr(scalar, name)(x), expected)


def test_the_limits_of_exp_are_the_first_and_the_last_normal_answer() -> None:
    below, above = np.nextafter(exponential.SMALLEST, -INF), exponential.LARGEST
    assert scalar.exp(float(below)) == 0.0
    assert scalar.exp(exponential.SMALLEST) >= 2.0**-1022
    assert np.isfinite(scalar.exp(above))
    assert scalar.exp(float(np.nextafter(above, INF))) == INF


def test_exp_rises_where_two_polynomials_meet() -> None:
    seams = (np.arange(-60, 60) + 0.5) * np.log(2.0)
    steps = seams[:, None] * (
        1.0 + 2.0**-52 * np.arange(-4, 5) * np.sign(seams)[:, None]
    )
    assert np.all(np.diff(exponential.exp(ARRAYS, steps), axis=1) >= 0.0)
