"""Derivatives of the special functions against mpmath, and their shapes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import mpmath
import numpy as np
import pytest
from autograd.core import primitive_vjps
from autograd.tracer import Node, getval, new_box, trace_stack
from scipy import stats

from exmc.numerics import differentiable, special
from exmc.numerics.autodiff import defvjp, is_traced, primitive, value_and_grad, xp

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


def normal_hazard(x: Any) -> Any:
    return 2 * mpmath.npdf(x) / mpmath.erfc(-x / mpmath.sqrt(2))


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
    "erf": Row(
        differentiable.erf,
        (lambda x: 2 * mpmath.exp(-x * x) / mpmath.sqrt(mpmath.pi),),
        (ANYWHERE[1:-2],),
    ),
    "erfc": Row(
        differentiable.erfc,
        (lambda x: -2 * mpmath.exp(-x * x) / mpmath.sqrt(mpmath.pi),),
        (ANYWHERE[1:-2],),
    ),
    "log_ndtr": Row(differentiable.log_ndtr, (normal_hazard,), (ANYWHERE,)),
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


TESTED_BELOW = {"logsumexp", "cholesky", "solve_lower", "gaussian"}
TESTED_ELSEWHERE = {"recurrence"}
ONLY_ON_THE_WAY_BACK = {"trigamma", "log_ndtr_slope", "cholesky_back"}


def test_every_primitive_has_a_row() -> None:
    primitives = {
        name for name, value in vars(differentiable).items() if hasattr(value, "fun")
    }
    others = {*TESTED_BELOW, *TESTED_ELSEWHERE, *ONLY_ON_THE_WAY_BACK}
    assert primitives == {*ROWS, *others}


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


COVARIANCE = np.array([[2.0, 0.3, -0.4], [0.3, 1.5, 0.2], [-0.4, 0.2, 0.9]])
LOWER = np.array([[1.4, 9.0, 9.0], [0.2, 0.7, 9.0], [-0.3, 0.5, 1.1]])
"""What stands above the diagonal is not looked at."""


def differences(function: Callable[[Array], Any], at: Array) -> Array:
    """Central differences."""
    slopes = np.zeros(at.shape)
    for entry in np.ndindex(at.shape):
        nudge = np.zeros(at.shape)
        nudge[entry] = 1e-5
        slopes[entry] = (function(at + nudge) - function(at - nudge)) / 2e-5
    return slopes


def weighed(x: Any) -> Any:
    """A number made of an array's entries, each with a weight of its own."""
    return xp.sum(xp.reshape(x, -1) * np.cos(np.arange(np.size(x))))


def symmetric(x: Any) -> Any:
    return 0.5 * (x + xp.transpose(x))


MATRIX_FUNCTIONS: dict[str, tuple[Callable[[Any], Any], Array]] = {
    "cholesky": (lambda a: weighed(differentiable.cholesky(symmetric(a))), COVARIANCE),
    **{
        f"solve_lower by {which}, {shape}, {transposed=}": (
            partial(
                lambda x, which, other, transposed: weighed(
                    differentiable.solve_lower(
                        *((x, other) if which == "lower" else (other, x)),
                        transposed=transposed,
                    )
                ),
                which=which,
                other=b if which == "lower" else LOWER,
                transposed=transposed,
            ),
            LOWER if which == "lower" else b,
        )
        for which in ("lower", "b")
        for shape, b in (("vector", COVARIANCE[0]), ("matrix", COVARIANCE[:, :2]))
        for transposed in (False, True)
    },
    "gaussian by k": (
        lambda k: differentiable.gaussian(symmetric(k), COVARIANCE[0])[0],
        COVARIANCE,
    ),
    "gaussian by r": (
        lambda r: differentiable.gaussian(COVARIANCE, r)[0],
        COVARIANCE[0],
    ),
    "mvn_total of rows": (
        lambda v: differentiable.mvn_total(v, COVARIANCE[0], COVARIANCE),
        COVARIANCE[:2],
    ),
    "mvn_total by cov": (
        lambda c: differentiable.mvn_total(LOWER, COVARIANCE[0], symmetric(c)),
        COVARIANCE,
    ),
}


@pytest.mark.parametrize("name", MATRIX_FUNCTIONS)
def test_the_gradient_of_a_matrix_function_equals_central_differences(
    name: str,
) -> None:
    function, at = MATRIX_FUNCTIONS[name]
    _, gradient = value_and_grad(function)(at)
    np.testing.assert_allclose(gradient, differences(function, at), atol=1e-8)


@pytest.mark.parametrize("value", [LOWER[0], LOWER])
def test_a_multivariate_normal_has_scipys_log_density(value: Array) -> None:
    expected = stats.multivariate_normal.logpdf(value, COVARIANCE[0], COVARIANCE)
    total = differentiable.mvn_total(value, COVARIANCE[0], COVARIANCE)
    assert total == pytest.approx(np.sum(expected), rel=1e-13)


def test_no_covariance_is_no_density() -> None:
    for value in (LOWER[0], LOWER):
        assert np.isnan(differentiable.mvn_total(value, 0.0, -COVARIANCE))


class Followed(Node):  # type: ignore[misc] # a library without types
    """A step of a trace that asks for no derivative."""

    def __init__(self, *_: Any) -> None:
        pass

    def initialize_root(self) -> None:
        pass


def law_of_the_way_back(row: Row) -> None:
    """With traced arguments the gradients are traced, each one."""
    with trace_stack.new_trace() as level:
        x = new_box(np.full(row.at[0].shape, 0.5), level, Followed.new_root())
        inputs = tuple(x + y for y in row.at)
        ways = range(len(inputs))
        back = primitive_vjps[row.ours](ways, row.ours(*inputs), inputs, {})
        parts = list(back(x))
    assert all(map(is_traced, parts))
    assert len(parts) == len(row.at)


@pytest.mark.parametrize("name", ROWS)
def test_the_way_back_is_made_of_primitives(name: str) -> None:
    law_of_the_way_back(ROWS[name])


def test_the_law_of_the_way_back_rejects_one_of_plain_numpy() -> None:
    wrong = primitive(special.expit)
    defvjp(wrong, lambda _, x: lambda g: getval(g) * special.expit(getval(x)))
    with pytest.raises(AssertionError):
        law_of_the_way_back(Row(wrong, (), ROWS["expit"].at))
