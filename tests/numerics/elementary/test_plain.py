from __future__ import annotations

import numpy as np
import pytest

from exmc.numerics.elementary import ELEMENTARY
from exmc.numerics.elementary.arrays import ARRAYS

INF, NAN = np.inf, np.nan
X = np.array(
    (
        *(0.0, -0.0, 0.3, -0.3, 1.0, -1.0, 2.5, -2.5, 1e300, -1e300, INF, -INF, NAN),
        *(2.0**52 + 1.0, -(2.0**51) - 0.5, 0.5 - 2.0**-54, 5e-324, -5e-324),
    )
)
ONE = {
    "neg": np.negative,
    "recip": np.reciprocal,
    "sqrt": np.sqrt,
    "abs": np.abs,
    "sign": np.sign,
    "floor": np.floor,
}
TWO = {
    "max": np.maximum,
    "min": np.minimum,
    "lt": np.less,
    "le": np.less_equal,
    "eq": np.equal,
}


@pytest.mark.parametrize("name", ONE)
def test_a_plain_function_is_numpys(name: str) -> None:
    with np.errstate(all="ignore"):
        np.testing.assert_array_equal(ELEMENTARY[name](ARRAYS, X), ONE[name](X))


@pytest.mark.parametrize("name", TWO)
def test_a_plain_function_of_two_is_numpys(name: str) -> None:
    x, y = np.repeat(X, len(X)), np.tile(X, len(X))
    np.testing.assert_array_equal(ELEMENTARY[name](ARRAYS, x, y), TWO[name](x, y))


def test_of_equal_ones_the_second_is_taken() -> None:
    zeros = np.array([0.0, -0.0])
    for name in ("max", "min"):
        taken = ELEMENTARY[name](ARRAYS, zeros, zeros[::-1])
        np.testing.assert_array_equal(np.signbit(taken), [True, False])


def test_any_condition_but_zero_takes_the_first() -> None:
    taken = ELEMENTARY["where"](ARRAYS, X, 1.0, 2.0)
    np.testing.assert_array_equal(taken, np.where(X != 0.0, 1.0, 2.0))
