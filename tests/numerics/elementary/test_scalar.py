from __future__ import annotations

import math

import numpy as np
import pytest

from exmc.numerics.elementary import ELEMENTARY, scalar
from exmc.numerics.elementary.floats import FLOATS
from tests.numerics.elementary.edges import arity

NAMES = sorted(set(ELEMENTARY) & set(vars(scalar)))


@pytest.mark.parametrize("name", NAMES)
def test_a_scalar_function_is_the_elementary_one_on_floats(name: str) -> None:
    at = (0.3, 0.7)[: arity(name)]
    function = getattr(scalar, name)
    assert type(function(*at)) is float
    np.testing.assert_array_equal(function(*at), ELEMENTARY[name](FLOATS, *at))
    assert function.__name__ == name


def test_all_but_the_plain_ones_are_there() -> None:
    plain = {"neg", "recip", "sqrt", "abs", "sign", "max", "min", "lt", "le", "eq"}
    assert set(NAMES) == set(ELEMENTARY) - plain - {"where"}


def test_a_quotient_by_zero_is_infinite() -> None:
    assert scalar.divide(-1.0, 0.0) == -math.inf
    assert math.isnan(scalar.divide(0.0, 0.0))
