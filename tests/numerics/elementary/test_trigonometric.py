from __future__ import annotations

import mpmath
import numpy as np
import pytest

from exmc.numerics.elementary import scalar
from exmc.numerics.elementary.trigonometric import LARGEST_ANGLE
from tests.numerics.elementary.accuracy import (
    Row,
    both_signs,
    by_magnitude,
    evenly,
    law_of_accuracy,
    law_rejects_a_wrong_digit,
)

INF, NAN = np.inf, np.nan
NEAR_QUARTERS = np.arange(1, 636000, 2111) * (np.pi / 2.0)

ROWS = {
    "sin, everywhere": Row("sin", mpmath.sin, (evenly(-1e6, 1e6),), 4e-16),
    "sin, near zero": Row(
        "sin", mpmath.sin, (both_signs(by_magnitude(1e-300, 4.0)),), 4e-16
    ),
    "sin, near quarter turns": Row("sin", mpmath.sin, (NEAR_QUARTERS,), 4e-16),
    "cos, everywhere": Row("cos", mpmath.cos, (evenly(-1e6, 1e6),), 4e-16),
    "cos, first turns": Row("cos", mpmath.cos, (evenly(-10.0, 10.0),), 4e-16),
    "cos, near quarter turns": Row("cos", mpmath.cos, (NEAR_QUARTERS,), 4e-16),
    "atan, everywhere": Row(
        "atan", mpmath.atan, (both_signs(by_magnitude(1e-300, 1e300)),), 3e-16
    ),
    "atan, middle": Row("atan", mpmath.atan, (evenly(-5.0, 5.0),), 3e-16),
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
        ("sin", 0.0, 0.0),
        ("sin", INF, NAN),
        ("cos", 0.0, 1.0),
        ("cos", -INF, NAN),
        ("atan", INF, np.pi / 2.0),
        ("atan", -INF, -np.pi / 2.0),
        ("atan", NAN, NAN),
    ],
)
def test_an_edge_has_its_stated_value(name: str, x: float, expected: float) -> None:
    np.testing.assert_array_equal(getattr(scalar, name)(x), expected)


@pytest.mark.parametrize("name", ["sin", "cos"])
def test_an_angle_beyond_the_limit_has_no_answer(name: str) -> None:
    function = getattr(scalar, name)
    assert np.isfinite(function(LARGEST_ANGLE))
    assert np.isnan(function(-1.0000001 * LARGEST_ANGLE))
