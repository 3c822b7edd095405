from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from exmc.numerics.elementary import ELEMENTARY
from exmc.numerics.elementary.arrays import ARRAYS
from exmc.numerics.elementary.floats import FLOATS
from tests.numerics.elementary.edges import arguments, same_bits


def one_by_one(function: Any, at: list[Any]) -> Any:
    points = zip(*(x.tolist() for x in at), strict=True)
    return np.array([function(FLOATS, *point) for point in points])


@pytest.mark.parametrize("name", ELEMENTARY)
def test_floats_have_the_bits_of_arrays_and_raise_nothing(name: str) -> None:
    at = arguments(name)
    with np.errstate(all="ignore"):
        arrays = ELEMENTARY[name](ARRAYS, *at)
    same_bits(one_by_one(ELEMENTARY[name], at), arrays)


def test_the_law_of_bits_rejects_the_exponential_of_a_library() -> None:
    x = np.linspace(-20.0, 20.0, 4001)
    with pytest.raises(AssertionError):
        same_bits(one_by_one(ELEMENTARY["exp"], [x]), np.exp(x))


@pytest.mark.parametrize("x", [0.0, -0.0, 1.0, -2.0, math.inf, math.nan])
@pytest.mark.parametrize("y", [0.0, -0.0, 3.0, -math.inf, math.nan])
def test_a_quotient_is_ieees(x: float, y: float) -> None:
    with np.errstate(all="ignore"):
        same_bits(FLOATS.divide(x, y), np.divide(x, y))
