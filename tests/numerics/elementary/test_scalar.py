"""Functions of one Python float."""

from __future__ import annotations

import math

import numpy as np
import pytest

from exmc.numerics.elementary import exponential, scalar
from exmc.numerics.elementary.floats import FLOATS

SPECIAL = (0.0, -0.0, 1e-300, -1e-300, 709.782712893384, 710.0, -708.3964185322641)


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
