"""The door to autograd: values and gradients of scalar functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from exmc.numerics.autodiff import (
    Traceable,
    is_traced,
    notrace_primitive,
    value_and_grad,
    xp,
)

if TYPE_CHECKING:
    from collections.abc import Callable


def test_a_quadratic_has_its_value_and_gradient() -> None:
    value, gradient = value_and_grad(lambda z: xp.sum(z * z))(np.array([1.0, -2.0]))
    assert value == 5.0
    np.testing.assert_array_equal(gradient, [2.0, -4.0])


def test_the_gradient_has_the_shape_of_its_argument() -> None:
    z = np.arange(6.0).reshape(2, 3)
    _, gradient = value_and_grad(lambda z: xp.sum(xp.exp(z)))(z)
    np.testing.assert_allclose(gradient, np.exp(z), rtol=1e-15)


def test_the_gradient_is_zero_where_the_value_does_not_depend_on_z() -> None:
    value, gradient = value_and_grad(lambda _: 3.0)(np.ones(2))
    assert value == 3.0
    np.testing.assert_array_equal(gradient, [0.0, 0.0])


def test_a_value_is_traced_inside_and_plain_outside() -> None:
    seen = []

    def function(z: Traceable) -> Traceable:
        seen.append(is_traced(z))
        return xp.sum(z)

    value, gradient = value_and_grad(function)(np.ones(2))
    assert seen == [True]
    assert not is_traced(value)
    assert not is_traced(gradient)


def test_a_primitive_that_is_not_traced_stops_the_gradient() -> None:
    rounded = notrace_primitive(np.round)
    _, gradient = value_and_grad(lambda z: xp.sum(z * rounded(z)))(np.array([1.6]))
    np.testing.assert_array_equal(gradient, [2.0])


@pytest.mark.parametrize("z", [np.zeros(0), np.zeros((0, 2))])
def test_nothing_has_an_empty_gradient(z: np.ndarray) -> None:
    value, gradient = value_and_grad(xp.sum)(z)
    assert value == 0.0
    assert gradient.shape == z.shape


def test_a_function_of_numbers_alone_has_a_gradient_too() -> None:
    def masked(z: Traceable) -> Traceable:
        return xp.where(z > 0.0, z * z, 0.0)

    value, gradient = value_and_grad(masked)(np.array(3.0))
    assert value == 9.0
    assert gradient == 6.0


GRID = np.array([[0.3, -0.9, 0.5, 1.2], [0.7, 0.2, -0.4, 0.1], [1.1, 0.6, -1.3, 0.8]])
ROW = np.array([-0.5, 0.4, 0.0, 0.9])


def turned(z: Traceable) -> Traceable:
    return xp.transpose(xp.reshape(z, (3, 2, 2)), (-1, 0, -2))


MENDED: dict[str, Callable[[Traceable], Traceable]] = {
    "where, a scalar in an array": lambda z: xp.where(GRID > 0.0, z[0, 0], z),
    "where, a row and a column": lambda z: xp.where(ROW > 0.0, z[:1], z[:, :1]),
    "clip, a scalar by arrays": lambda z: xp.clip(z[0, 0], ROW, ROW + 0.5),
    "clip, by bounds that vary": lambda z: xp.clip(z, z[0] - 0.3, z[1, 1] + 0.2),
    "clip, by one bound": lambda z: xp.clip(z, 0.15, None),
    "transpose, from the end": turned,
    "transpose, from the front": lambda z: xp.transpose(z, (1, 0)),
    "transpose, reversed": xp.transpose,
    "repeat, one count an entry": lambda z: xp.repeat(z, (1, 0, 2), axis=-2),
    "repeat, flattened": lambda z: xp.repeat(z, 2),
}


@pytest.mark.parametrize("function", MENDED.values(), ids=MENDED.keys())
def test_a_mended_derivative_equals_central_differences(
    function: Callable[[Traceable], Traceable],
) -> None:
    weights = 1.0 + np.arange(np.size(function(GRID))).reshape(function(GRID).shape)

    def total(z: Traceable) -> Traceable:
        return xp.sum(weights * function(z))

    _, gradient = value_and_grad(total)(GRID)
    for entry in np.ndindex(GRID.shape):
        nudge = np.zeros(GRID.shape)
        nudge[entry] = 1e-6
        difference = (total(GRID + nudge) - total(GRID - nudge)) / 2e-6
        assert gradient[entry] == pytest.approx(difference, rel=1e-6, abs=1e-7)
