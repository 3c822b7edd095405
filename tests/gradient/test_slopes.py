from __future__ import annotations

from typing import Any

import autograd.numpy as anp
import numpy as np
import pytest
from autograd.core import primitive_vjps

from exmc.gradient.slopes import OWN
from exmc.numerics import differentiable

X = np.array([0.5, -1.0, 2.0, 0.3])
Y = np.array([0.5, 1.0, 0.1, -4.0])
G = np.array([1.0, -2.0, 0.5, 3.0])
MATRIX = np.outer(X, X) + 2.0 * np.eye(4)

ARGUMENTS: dict[Any, tuple[Any, ...]] = {
    anp.abs: (X,),
    anp.sqrt: (X**2,),
    anp.maximum: (X, Y),
    anp.minimum: (X, Y),
    anp.logaddexp: (X, Y),
    anp.linalg.cholesky: (MATRIX,),
    differentiable.log1p_square: (3.0 * X,),
}


def test_every_one_has_a_row() -> None:
    assert set(ARGUMENTS) == set(OWN)


@pytest.mark.parametrize("function", ARGUMENTS, ids=lambda f: f.__name__)
def test_our_derivatives_are_those_of_the_library(function: Any) -> None:
    arguments = ARGUMENTS[function]
    value = function(*arguments)
    gradient = np.resize(G, np.shape(value))
    if function is anp.linalg.cholesky:
        gradient = np.tril(gradient)
    places = tuple(range(len(arguments)))
    ours, theirs = (
        tuple(table[function](places, value, arguments, {})(gradient))
        for table in (OWN, primitive_vjps)
    )
    for one, other in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-12)


@pytest.mark.parametrize("function", [anp.maximum, anp.minimum, anp.logaddexp])
def test_gradients_are_summed_over_what_was_broadcast(function: Any) -> None:
    value = function(X, 0.25)
    back = OWN[function]((0, 1), value, (X, 0.25), {})
    one, other = back(G)
    assert (np.shape(one), np.shape(other)) == ((4,), ())
    assert np.sum(one) + other == pytest.approx(np.sum(G))


def test_a_gradient_that_was_not_chosen_is_zero_whatever_it_was() -> None:
    back = OWN[anp.maximum]((0,), np.maximum(X, Y), (X, Y), {})
    (slope,) = back(np.full(4, np.inf))
    np.testing.assert_array_equal(slope, [np.inf, 0.0, np.inf, np.inf])
