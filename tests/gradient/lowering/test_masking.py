"""Choices in a gradient: what was not taken has no say, however steep it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import autograd.numpy as anp
import numpy as np
import pytest

from exmc.gradient.lowering import program_of_density
from exmc.numerics.autodiff import value_and_grad
from tests.gradient.lowering.agreement import agrees
from tests.plain.program_evaluator import evaluate

Function = Callable[[Any], Any]

STEEP: dict[str, tuple[Function, list[float]]] = {
    "a logarithm": (
        lambda z: anp.sum(anp.where(z > 0, anp.log(z), z)),
        [2.0, 1.0, 1.0],
    ),
    "the other side": (
        lambda z: anp.sum(anp.where(z <= 0, 1.0, anp.log(z))),
        [2.0, 0.0, 0.0],
    ),
    "a root through an outer function": (
        lambda z: anp.sum(anp.where(z > 0, 3.0 * anp.sqrt(z) ** 3, 0.0)),
        [4.5 * np.sqrt(0.5), 0.0, 0.0],
    ),
    "a quotient": (
        lambda z: anp.sum(anp.where(z != 0, z / z**2, 0.0)),
        [-4.0, 0.0, -1.0 / 9.0],
    ),
    "reshaped on the way": (
        lambda z: anp.sum(
            anp.where(anp.reshape(z, (1, 3)) > 0, anp.reshape(anp.log(z), (1, 3)), 0.0)
        ),
        [2.0, 0.0, 0.0],
    ),
    "turned in sign": (
        lambda z: anp.sum(anp.where(z > 0, -anp.log(z), 0.0)),
        [-2.0, 0.0, 0.0],
    ),
    "one choice in another": (
        lambda z: anp.sum(
            anp.where(z > 0, anp.where(z > 9, anp.exp(z), anp.log(z)), 0.0)
        ),
        [2.0, 0.0, 0.0],
    ),
    "a larger number": (
        lambda z: anp.sum(anp.maximum(anp.log(anp.abs(z)), -5.0)),
        [2.0, 0.0, -1.0 / 3.0],
    ),
    "a clipped number": (
        lambda z: anp.sum(anp.clip(anp.log(anp.abs(z)), -5.0, 5.0)),
        [2.0, 0.0, -1.0 / 3.0],
    ),
}
AT = np.array([0.5, 0.0, -3.0])


@pytest.mark.parametrize("name", STEEP)
def test_an_infinite_slope_that_is_not_taken_has_no_say(name: str) -> None:
    function, expected = STEEP[name]
    lowered = program_of_density(function, 3)
    _, gradient = evaluate(lowered.program, lowered.data, AT)
    np.testing.assert_allclose(gradient, expected)


def test_autograd_puts_nan_there() -> None:
    with np.errstate(all="ignore"):
        _, gradient = value_and_grad(STEEP["a logarithm"][0])(AT)
    assert np.isnan(gradient[1])


def test_a_program_says_that_it_is_mended() -> None:
    assert program_of_density(STEEP["a logarithm"][0], 3).mended
    assert not program_of_density(lambda z: anp.sum(anp.log(z)), 3).mended


def test_an_infinite_slope_that_is_taken_stays() -> None:
    def function(z: Any) -> Any:
        return anp.sum(anp.where(z >= 0, anp.sqrt(z), 0.0))

    lowered = program_of_density(function, 3)
    _, gradient = evaluate(lowered.program, lowered.data, AT)
    assert np.isposinf(gradient[1])


def test_a_factor_of_zero_in_the_function_itself_is_no_choice() -> None:
    def function(z: Any) -> Any:
        return anp.sum(anp.where(z > 0, 1.0, 0.0) * anp.log(z))

    lowered = program_of_density(function, 3)
    value, _ = evaluate(lowered.program, lowered.data, AT)
    assert np.isnan(value)


def test_choices_change_nothing_where_slopes_are_finite() -> None:
    def function(z: Any) -> Any:
        inner = anp.where(z > 0, anp.exp(z), z**2)
        return anp.sum(anp.where(z > 0.5, inner * z, anp.sin(inner)))

    assert agrees(function, 9)
