from __future__ import annotations

import mpmath
import numpy as np
import pytest

from exmc.numerics.elementary import scalar
from tests.numerics.elementary.accuracy import (
    Row,
    by_magnitude,
    evenly,
    generator,
    law_of_accuracy,
    law_rejects_a_wrong_digit,
)

OTHER = generator().permutation
SUBNORMAL = by_magnitude(5e-324, 1e-308)

ROWS = {
    "everywhere": Row(
        "pow", mpmath.power, (by_magnitude(1e-300, 1e300), OTHER(evenly(-1, 1))), 1e-15
    ),
    "large powers": Row(
        "pow", mpmath.power, (by_magnitude(0.1, 10.0), OTHER(evenly(-300, 300))), 1e-15
    ),
    "near one": Row(
        "pow", mpmath.power, (evenly(0.99, 1.01), OTHER(evenly(-1e4, 1e4))), 1e-15
    ),
    "middle": Row(
        "pow", mpmath.power, (evenly(0.0, 5.0), OTHER(evenly(-5.0, 5.0))), 1e-15
    ),
    "subnormal": Row("pow", mpmath.power, (SUBNORMAL, OTHER(evenly(-0.9, 0.9))), 1e-15),
}


@pytest.mark.parametrize("name", ROWS)
def test_a_power_agrees_with_mpmath(name: str) -> None:
    law_of_accuracy(ROWS[name])


@pytest.mark.parametrize("name", ROWS)
def test_the_law_rejects_a_wrong_digit(name: str) -> None:
    law_rejects_a_wrong_digit(ROWS[name])


EDGES = [0.0, 0.5, 1.0, 2.0, 3.0, 1e300, 2.0**53 + 2.0, np.inf]
EDGES = [*EDGES, *(-x for x in EDGES if x), np.nan]


@pytest.mark.parametrize("x", [x for x in EDGES if x != -np.inf])
def test_special_powers_are_those_of_c99(x: float) -> None:
    with np.errstate(all="ignore"):
        expected = np.power(x, EDGES)
    powers = [scalar.pow(x, y) for y in EDGES]
    np.testing.assert_allclose(powers, expected, rtol=1e-15)
