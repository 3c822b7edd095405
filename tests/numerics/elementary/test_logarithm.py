from __future__ import annotations

import mpmath
import numpy as np
import pytest

from exmc.numerics.elementary import logarithm, scalar
from tests.numerics.elementary.accuracy import (
    Row,
    both_signs,
    by_magnitude,
    evenly,
    law_of_accuracy,
    law_rejects_a_wrong_digit,
)

INF, NAN = np.inf, np.nan


def softplus(x: mpmath.mpf) -> mpmath.mpf:
    return mpmath.log1p(mpmath.exp(x))


def log1mexp(x: mpmath.mpf) -> mpmath.mpf:
    return mpmath.log(-mpmath.expm1(x)) if x > -1 else mpmath.log1p(-mpmath.exp(x))


ROWS = {
    "log, everywhere": Row("log", mpmath.log, (by_magnitude(5e-324, 1e308),), 2e-16),
    "log, near one": Row("log", mpmath.log, (evenly(0.5, 2.0),), 2e-16),
    "log1p, near zero": Row(
        "log1p", mpmath.log1p, (both_signs(by_magnitude(1e-300, 0.5)),), 3e-16
    ),
    "log1p, middle": Row("log1p", mpmath.log1p, (evenly(-1.0, 5.0),), 3e-16),
    "log1p, large": Row("log1p", mpmath.log1p, (by_magnitude(1.0, 1e308),), 3e-16),
    "log1p_bounded": Row(
        logarithm.log1p_bounded, mpmath.log1p, (evenly(-0.5, 1.0),), 3e-16
    ),
    "softplus, everywhere": Row("softplus", softplus, (evenly(-708.0, 709.0),), 3e-16),
    "softplus, middle": Row("softplus", softplus, (evenly(-5.0, 5.0),), 3e-16),
    "log1mexp, everywhere": Row(
        "log1mexp", log1mexp, (-by_magnitude(1e-300, 700.0),), 3e-16
    ),
    "log1mexp, middle": Row("log1mexp", log1mexp, (evenly(-5.0, -0.01),), 3e-16),
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
        ("log", 0.0, -INF),
        ("log", -0.0, -INF),
        ("log", 1.0, 0.0),
        ("log", -1.0, NAN),
        ("log", INF, INF),
        ("log", -INF, NAN),
        ("log", NAN, NAN),
        ("log1p", -1.0, -INF),
        ("log1p", -1.5, NAN),
        ("log1p", INF, INF),
        ("log1p", NAN, NAN),
        ("softplus", -INF, 0.0),
        ("softplus", INF, INF),
        ("softplus", NAN, NAN),
        ("log1mexp", 0.0, -INF),
        ("log1mexp", -INF, 0.0),
        ("log1mexp", 1.0, NAN),
        ("log1mexp", NAN, NAN),
    ],
)
def test_an_edge_has_its_stated_value(name: str, x: float, expected: float) -> None:
    np.testing.assert_array_equal(getattr(scalar, name)(x), expected)
