from __future__ import annotations

import math

import numpy as np
import pytest

from exmc.numerics.elementary import ELEMENTARY, exponential, scalar
from exmc.numerics.elementary.floats import FLOATS
from tests.numerics.elementary.edges import arity

SPECIAL = (0.0, -0.0, 1e-300, -1e-300, 709.782712893384, 710.0, -708.3964185322641)
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


def test_the_exponential_written_out_has_the_bits_of_the_one_for_all_numbers() -> None:
    rng = np.random.Generator(np.random.PCG64(1))
    numbers = [*SPECIAL, math.inf, -math.inf, *rng.uniform(-760.0, 760.0, 3000)]
    for x in numbers:
        ours, expected = scalar.exp(x), exponential.exp(FLOATS, float(x))
        assert ours.hex() == expected.hex()
    assert math.isnan(scalar.exp(math.nan))


@pytest.mark.parametrize("x", [0.0, 0.5, -800.0, 800.0])
def test_a_number_of_numpy_is_taken_without_a_warning(x: float) -> None:
    assert scalar.exp(np.float64(x)) == scalar.exp(x)
    assert scalar.log(np.float64(abs(x))) == scalar.log(abs(x))
    assert type(scalar.log(np.float64(2.0))) is float
