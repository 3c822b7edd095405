from __future__ import annotations

import math

import numpy as np
import pytest

from exmc.gradient.source import fast_functions as fast
from tests.plain.program_evaluator import _recur


def numbers(*shape: int) -> np.ndarray:
    return np.random.Generator(np.random.PCG64(5)).standard_normal(shape)


@pytest.mark.parametrize("shape", [(1,), (100,), (1000,), (3, 40), (3, 400)])
@pytest.mark.parametrize("a", [0.0, 0.97, -1.0, 1.01, "array"])
def test_recurrences_agree_with_their_definition(
    shape: tuple[int, ...], a: float | str
) -> None:
    x = numbers(*shape)
    factor = numbers(*shape) / 2.0 if isinstance(a, str) else a
    right = _recur(factor, x, reverse=False)
    np.testing.assert_allclose(
        fast.recurrence(factor, x), right, rtol=1e-11, atol=1e-12
    )


def test_the_argument_of_a_recurrence_is_left_alone() -> None:
    x = numbers(500)
    before = x.copy()
    fast.recurrence(0.5, x)
    np.testing.assert_array_equal(x, before)


@pytest.mark.parametrize("x", [-800.0, -40.0, -0.3, 0.0, 2.0, 800.0, math.inf])
def test_softplus_is_accurate_in_both_tails(x: float) -> None:
    right = float(np.logaddexp(0.0, x))
    assert fast.float_softplus(x) == pytest.approx(right, rel=1e-15, abs=0.0)
    assert fast.softplus(np.array([x]))[0] == pytest.approx(right, rel=1e-15, abs=0.0)


@pytest.mark.parametrize("x", [-1e-20, -1e-3, -0.7, -3.0, -50.0, -700.0])
def test_log1mexp_is_accurate_in_both_tails(x: float) -> None:
    near = math.log(-math.expm1(x))
    right = near if x > -1.0 else math.log1p(-math.exp(x))
    assert fast.float_log1mexp(x) == pytest.approx(right, rel=1e-14, abs=0.0)
    with np.errstate(divide="ignore"):
        (many,) = fast.log1mexp(np.array([x]))
    assert many == pytest.approx(right, rel=1e-14, abs=0.0)


@pytest.mark.parametrize("x", [-2.5, -0.0, 0.0, 7.9, math.nan])
@pytest.mark.parametrize("y", [-2.5, 1.0, math.nan])
def test_functions_of_floats_are_numpys(x: float, y: float) -> None:
    np.testing.assert_equal(fast.float_sign(x) + 0.0, float(np.sign(x)))
    np.testing.assert_equal(fast.float_max(x, y), float(np.maximum(x, y)))
    np.testing.assert_equal(fast.float_min(x, y), float(np.minimum(x, y)))
    if x == x:  # noqa: PLR0124 - not NaN
        np.testing.assert_equal(fast.float_floor(x), 0.0 + float(np.floor(x)))


def test_nan_stays_nan_in_softplus() -> None:
    assert math.isnan(fast.float_softplus(math.nan))
    assert np.isnan(fast.softplus(np.array([np.nan])))[0]


def test_spread_makes_an_array_of_its_own() -> None:
    x = np.ones((2, 1))
    wide = fast.spread(x, (2, 3))
    wide[0, 0] = 5.0
    assert (wide.shape, x[0, 0]) == ((2, 3), 1.0)
