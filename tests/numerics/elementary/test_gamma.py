from __future__ import annotations

import mpmath
import numpy as np
import pytest

from exmc.numerics.elementary import gamma, scalar
from exmc.numerics.elementary.floats import FLOATS
from tests.numerics.elementary.accuracy import (
    Row,
    by_magnitude,
    evenly,
    law_of_accuracy,
    law_rejects_a_wrong_digit,
)

INF, NAN = np.inf, np.nan
EVERY_SIZE, MIDDLE = by_magnitude(1e-300, 1e300, 60), evenly(0.0, 20.0, 60)


def half_step(x: mpmath.mpf) -> mpmath.mpf:
    return mpmath.loggamma(x + mpmath.mpf("0.5")) - mpmath.loggamma(x)


def betaln(a: mpmath.mpf, b: mpmath.mpf) -> mpmath.mpf:
    return mpmath.loggamma(a) + mpmath.loggamma(b) - mpmath.loggamma(a + b)


def trigamma(x: mpmath.mpf) -> mpmath.mpf:
    return mpmath.psi(1, x)


ROWS = {
    "lgamma, everywhere": Row("lgamma", mpmath.loggamma, (EVERY_SIZE,), 6e-15, 1.0),
    "lgamma, middle": Row("lgamma", mpmath.loggamma, (MIDDLE,), 6e-15, 1.0),
    "digamma, everywhere": Row("digamma", mpmath.digamma, (EVERY_SIZE,), 2e-15, 1.0),
    "digamma, middle": Row("digamma", mpmath.digamma, (MIDDLE,), 2e-15, 1.0),
    "trigamma, everywhere": Row(
        "trigamma", trigamma, (by_magnitude(1e-150, 1e300, 60),), 1e-15
    ),
    "trigamma, middle": Row("trigamma", trigamma, (MIDDLE,), 1e-15),
    "half step": Row(gamma.lgamma_half_step, half_step, (MIDDLE,), 5e-15, 1.0),
    "half step, large": Row(
        gamma.lgamma_half_step, half_step, (by_magnitude(1.0, 1e12, 60),), 5e-15, 1.0
    ),
    "betaln": Row(gamma.betaln, betaln, (MIDDLE, MIDDLE[::-1]), 6e-15, 1.0),
    "betaln, large": Row(
        gamma.betaln, betaln, (MIDDLE, by_magnitude(1e-5, 1e12, 60)), 6e-15, 1.0
    ),
    "Stirling": Row(
        gamma.stirling_remainder,
        lambda x: (
            mpmath.loggamma(x) - (x - 0.5) * mpmath.log(x) + x
            - mpmath.log(2 * mpmath.pi) / 2
        ),
        (by_magnitude(8.0, 1e6, 60),),
        1e-14,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ROWS)
def test_a_function_agrees_with_mpmath(name: str) -> None:
    law_of_accuracy(ROWS[name])


@pytest.mark.parametrize("name", ROWS)
def test_the_law_rejects_a_wrong_digit(name: str) -> None:
    law_rejects_a_wrong_digit(ROWS[name])


@pytest.mark.parametrize(
    ("name", "x", "expected"),
    [
        ("lgamma", 0.0, INF),
        ("lgamma", 1e308, INF),
        ("lgamma", INF, INF),
        ("lgamma", -0.5, NAN),
        ("lgamma", NAN, NAN),
        ("digamma", 0.0, -INF),
        ("digamma", INF, INF),
        ("digamma", -0.5, NAN),
        ("digamma", NAN, NAN),
        ("trigamma", 0.0, INF),
        ("trigamma", INF, 0.0),
        ("trigamma", -0.5, NAN),
        ("trigamma", NAN, NAN),
    ],
)
def test_an_edge_has_its_stated_value(name: str, x: float, expected: float) -> None:
    np.testing.assert_array_equal(getattr(scalar, name)(x), expected)


def test_the_beta_function_is_symmetric_to_the_bit() -> None:
    for a, b in ((0.3, 40.0), (2.0, 2.0), (1e-9, 1e9)):
        assert gamma.betaln(FLOATS, a, b) == gamma.betaln(FLOATS, b, a)
