"""Derivatives of the special functions against mpmath, and their shapes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import mpmath
import numpy as np
import pytest

from exmc.numerics import differentiable, special
from exmc.numerics.autodiff import defvjp, primitive, value_and_grad, xp

if TYPE_CHECKING:
    from exmc.typing import Array

Derivative = Callable[..., Any]


@dataclass(frozen=True)
class Row:
    """A primitive, its exact derivative for each argument, and arguments.

    Attributes:
        ours: The primitive.
        slopes: Derivative for each argument, on mpmath's numbers.
        at: Arguments, one array each.
    """

    ours: Callable[..., Any]
    slopes: tuple[Derivative, ...]
    at: tuple[Array, ...]


ANYWHERE = np.array([-700.0, -30.0, -1.2, -1e-9, 0.0, 0.4, 1.0, 8.0, 36.0, 700.0])
ABOVE_ZERO = np.array([1e-9, 1e-3, 0.3, 1.0, 1.4616, 2.0, 7.9, 8.1, 60.0, 1e6])
INSIDE_ONE = np.array([1e-12, 0.01, 0.3, 0.5, 0.7, 0.999])
X = np.array([0.0, 1e-9, 0.5, 2.0, 30.0])
Y = np.array([0.7, 0.1, 1e-9, 3.0, 1e6])


def logistic(x: Any) -> Any:
    return 1 / (1 + mpmath.exp(-x))


ROWS = {
    "softplus": Row(differentiable.softplus, (logistic,), (ANYWHERE,)),
    "log1mexp": Row(
        differentiable.log1mexp, (lambda x: 1 / mpmath.expm1(x),), (ABOVE_ZERO[:-1],)
    ),
    "expit": Row(
        differentiable.expit, (lambda x: logistic(x) * logistic(-x),), (ANYWHERE,)
    ),
    "log_expit": Row(differentiable.log_expit, (lambda x: logistic(-x),), (ANYWHERE,)),
    "log_expit_slope": Row(
        differentiable.log_expit_slope,
        (lambda x: -mpmath.tanh(x / 2),),
        (ANYWHERE,),
    ),
    "logit": Row(differentiable.logit, (lambda p: 1 / (p * (1 - p)),), (INSIDE_ONE,)),
    "log1p_square": Row(
        differentiable.log1p_square,
        (lambda x: 2 * x / (1 + x * x),),
        (np.append(ANYWHERE, [-1e200, 1e308, 1e-300]),),
    ),
    "xlogy": Row(
        differentiable.xlogy, (lambda _, y: mpmath.log(y), lambda x, y: x / y), (X, Y)
    ),
    "xlog1py": Row(
        differentiable.xlog1py,
        (lambda _, y: mpmath.log1p(y), lambda x, y: x / (1 + y)),
        (X, Y),
    ),
    "lgamma": Row(differentiable.lgamma, (mpmath.digamma,), (ABOVE_ZERO,)),
    "digamma": Row(
        differentiable.digamma, (lambda x: mpmath.psi(1, x),), (ABOVE_ZERO,)
    ),
    "lgamma_half_step": Row(
        differentiable.lgamma_half_step,
        (lambda x: mpmath.digamma(x + mpmath.mpf("0.5")) - mpmath.digamma(x),),
        (ABOVE_ZERO,),
    ),
    "betaln": Row(
        differentiable.betaln,
        (
            lambda a, b: mpmath.digamma(a) - mpmath.digamma(a + b),
            lambda a, b: mpmath.digamma(b) - mpmath.digamma(a + b),
        ),
        (ABOVE_ZERO, ABOVE_ZERO[::-1].copy()),
    ),
    "open_interval": Row(
        differentiable.open_interval,
        (
            lambda x, lo, hi: (hi - lo) * logistic(x) * logistic(-x),
            lambda x, *_: logistic(-x),
            lambda x, *_: logistic(x),
        ),
        (ANYWHERE, np.full(10, -2.0), np.linspace(-1.0, 9.0, 10)),
    ),
}


def law_of_slopes(row: Row) -> None:
    """Each derivative agrees with mpmath to 1e-14 of max(1, |value|)."""
    for which, slope in enumerate(row.slopes):

        def along(x: Array, which: int = which, row: Row = row) -> Any:
            inputs = [x if i == which else y for i, y in enumerate(row.at)]
            return xp.sum(row.ours(*inputs))

        _, gradient = value_and_grad(along)(row.at[which])
        with mpmath.workdps(60):
            points = zip(*row.at, strict=True)
            truth = [slope(*map(mpmath.mpf, map(float, p))) for p in points]
        np.testing.assert_allclose(
            gradient, np.array(truth, dtype=np.float64), rtol=1e-14, atol=1e-14
        )


def law_of_broadcasting(row: Row) -> None:
    """The gradient of a broadcast argument is the sum over its copies."""
    column = [x[2:4].reshape(2, 1) for x in row.at]
    wide = [np.repeat(x, 3, axis=1) for x in column]

    def gradient(which: int, at: Array) -> Array:
        def along(x: Array) -> Any:
            inputs = [x if i == which else y for i, y in enumerate(wide)]
            return xp.sum(row.ours(*inputs))

        return value_and_grad(along)(at)[1]

    for which in range(len(row.at)):
        narrow, full = gradient(which, column[which]), gradient(which, wide[which])
        assert narrow.shape == (2, 1)
        np.testing.assert_allclose(narrow[:, 0], full.sum(axis=1), rtol=1e-14)


@pytest.mark.parametrize("name", ROWS)
def test_a_slope_agrees_with_mpmath(name: str) -> None:
    law_of_slopes(ROWS[name])


@pytest.mark.parametrize("name", [name for name in ROWS if len(ROWS[name].at) > 1])
def test_a_broadcast_argument_gathers_its_gradient(name: str) -> None:
    law_of_broadcasting(ROWS[name])


def test_every_primitive_has_a_row() -> None:
    primitives = {
        name
        for name, value in vars(differentiable).items()
        if hasattr(value, "fun") and name != "logsumexp"
    }
    assert primitives == set(ROWS)


@pytest.mark.parametrize("name", ROWS)
def test_a_primitive_gives_the_value_of_its_plain_function(name: str) -> None:
    row = ROWS[name]
    np.testing.assert_array_equal(row.ours(*row.at), getattr(special, name)(*row.at))


def test_the_law_of_slopes_rejects_a_digamma_without_its_trigamma() -> None:
    wrong = primitive(special.digamma)
    defvjp(wrong, lambda ans, x: lambda g: g * ans / x)
    with pytest.raises(AssertionError):
        law_of_slopes(Row(wrong, ROWS["digamma"].slopes, ROWS["digamma"].at))


def test_the_law_of_broadcasting_rejects_a_gradient_that_was_not_gathered() -> None:
    wrong = primitive(special.xlogy)
    defvjp(
        wrong,
        lambda _, x, y: lambda g: g * np.log(y) + 0.0 * x,
        lambda _, x, y: lambda g: g * x / y,
    )
    with pytest.raises((AssertionError, ValueError)):
        law_of_broadcasting(Row(wrong, ROWS["xlogy"].slopes, ROWS["xlogy"].at))


def test_a_zero_count_has_no_slope_even_where_the_probability_is_zero() -> None:
    for function, end in ((differentiable.xlogy, 0.0), (differentiable.xlog1py, -1.0)):
        _, gradient = value_and_grad(partial(function, 0.0))(np.array(end))
        assert gradient == 0.0


@pytest.mark.parametrize("axis", [None, 0, 1, -1, (0, 1)])
@pytest.mark.parametrize("keepdims", [False, True])
def test_the_gradient_of_logsumexp_is_a_softmax(
    axis: int | tuple[int, int] | None, *, keepdims: bool
) -> None:
    x = np.array([[0.1, -2.0, 3.0], [900.0, 901.0, 0.0]])

    def weighted(x: Array) -> Any:
        sums = differentiable.logsumexp(x, axis=axis, keepdims=keepdims)
        return xp.sum(sums * sums)

    _, gradient = value_and_grad(weighted)(x)
    kept = np.asarray(special.logsumexp(x, axis=axis, keepdims=True))
    np.testing.assert_allclose(gradient, 2 * kept * np.exp(x - kept), rtol=1e-14)


def test_an_impossible_term_takes_no_part_in_the_gradient_of_logsumexp() -> None:
    x = np.array([0.0, -np.inf])
    _, gradient = value_and_grad(differentiable.logsumexp)(x)
    np.testing.assert_array_equal(gradient, [1.0, 0.0])
