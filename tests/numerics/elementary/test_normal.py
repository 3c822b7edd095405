from __future__ import annotations

import mpmath
import numpy as np
import pytest

from exmc.numerics.elementary import scalar
from tests.numerics.elementary.accuracy import (
    Row,
    both_signs,
    by_magnitude,
    evenly,
    law_of_accuracy,
    law_rejects_a_wrong_digit,
)

INF, NAN = np.inf, np.nan


def log_cdf(x: mpmath.mpf) -> mpmath.mpf:
    if x > 0:
        return mpmath.log1p(-mpmath.erfc(x / mpmath.sqrt(2)) / 2)
    return -x * x / 2 + mpmath.log(mills(-x)) - mpmath.log(2 * mpmath.pi) / 2


def mills(x: mpmath.mpf) -> mpmath.mpf:
    """Return the upper tail over the density for x >= 0 (A&S 26.2.12 far out)."""
    if x < 100:
        tail = mpmath.erfc(x / mpmath.sqrt(2)) / 2
        return tail / mpmath.npdf(x)
    terms = [(-1) ** k * mpmath.fac2(2 * k - 1) / x ** (2 * k) for k in range(12)]
    return mpmath.fsum(terms) / x


def hazard(x: mpmath.mpf) -> mpmath.mpf:
    return mpmath.npdf(x) / mpmath.exp(log_cdf(x)) if x > 0 else 1 / mills(-x)


def quantile(p: mpmath.mpf) -> mpmath.mpf:
    guess = mpmath.mpf(scalar.ndtri(float(p)))
    for _ in range(3):  # Newton's steps on the logarithm of the lower tail
        guess -= (log_cdf(guess) - mpmath.log(p)) / hazard(guess)
    return guess


EVERY_SIZE = both_signs(by_magnitude(1e-300, 6.0))
LOWER_TAIL = -by_magnitude(1e-3, 1e8, 150)
ROWS = {
    "erf, everywhere": Row("erf", mpmath.erf, (EVERY_SIZE,), 5e-16),
    "erf, middle": Row("erf", mpmath.erf, (evenly(-2.0, 2.0),), 5e-16),
    "erfc, everywhere": Row("erfc", mpmath.erfc, (evenly(-6.0, 26.5),), 1e-15),
    "erfc, middle": Row("erfc", mpmath.erfc, (evenly(-1.0, 1.0),), 1e-15),
    "log_ndtr, lower tail": Row("log_ndtr", log_cdf, (LOWER_TAIL,), 1e-15),
    "log_ndtr, middle": Row("log_ndtr", log_cdf, (evenly(-5.0, 5.0, 150),), 1e-15),
    "log_ndtr, upper tail": Row("log_ndtr", log_cdf, (evenly(5.0, 37.5, 150),), 1e-15),
    "log_ndtr_slope, lower tail": Row("log_ndtr_slope", hazard, (LOWER_TAIL,), 1e-15),
    "log_ndtr_slope, middle": Row(
        "log_ndtr_slope", hazard, (evenly(-5.0, 37.5, 150),), 1e-15
    ),
    "ndtri, lower tail": Row(
        "ndtri", quantile, (by_magnitude(1e-300, 0.4, 40),), 1e-15
    ),
    "ndtri, middle": Row("ndtri", quantile, (evenly(0.05, 0.95, 40),), 1e-15),
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
        ("erf", -INF, -1.0),
        ("erf", INF, 1.0),
        ("erf", 1e300, 1.0),
        ("erf", NAN, NAN),
        ("erfc", -INF, 2.0),
        ("erfc", 30.0, 0.0),
        ("erfc", INF, 0.0),
        ("erfc", NAN, NAN),
        ("log_ndtr", -INF, -INF),
        ("log_ndtr", INF, 0.0),
        ("log_ndtr", NAN, NAN),
        ("log_ndtr_slope", -INF, INF),
        ("log_ndtr_slope", INF, 0.0),
        ("log_ndtr_slope", NAN, NAN),
        ("ndtri", 0.0, -INF),
        ("ndtri", 0.5, 0.0),
        ("ndtri", 1.0, INF),
        ("ndtri", -0.1, NAN),
        ("ndtri", 1.1, NAN),
        ("ndtri", NAN, NAN),
    ],
)
def test_an_edge_has_its_stated_value(name: str, x: float, expected: float) -> None:
    np.testing.assert_array_equal(getattr(scalar, name)(x), expected)


def test_quantiles_are_symmetric_to_the_bit_about_the_median() -> None:
    for p in (0.25, 0.125, 2.0**-20):
        assert scalar.ndtri(p) == -scalar.ndtri(1.0 - p)
