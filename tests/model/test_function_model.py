from __future__ import annotations

from collections.abc import Callable
from typing import Any

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import value_and_grad

from exmc.errors import (
    BadDataError,
    ModelError,
    ShapeMismatchError,
    UntraceableError,
)
from exmc.model import load_model, model_of_logp


def correlated(x: Any) -> Any:
    return -0.5 * anp.dot(x, np.array([[2.0, 0.5], [0.5, 1.0]]) @ x)


def funnel(p: Any) -> Any:
    scale = anp.exp(p["log_scale"] / 2)
    return (
        -anp.sum((p["x"] / scale) ** 2) / 2 - 3 * anp.log(scale) - p["log_scale"] ** 2
    )


def test_a_function_of_an_array_becomes_a_model_of_x() -> None:
    model = model_of_logp(correlated, np.zeros(2))
    compiled = model.compile()
    assert compiled.names == ("x[0]", "x[1]")
    z = np.array([0.3, -2.0])
    value, gradient = compiled.value_and_grad(z)
    expected, slope = value_and_grad(correlated)(z)
    assert value == expected
    np.testing.assert_array_equal(gradient, slope)


def test_a_function_of_a_dict_becomes_a_model_of_its_names() -> None:
    model = model_of_logp(funnel, {"log_scale": 0.5, "x": np.ones(3)})
    assert model.free_variables == ("log_scale", "x")
    compiled = model.compile()
    z = np.array([0.3, -2.0, 1.0, 0.5])
    point = compiled.constrain(z)
    assert compiled.log_density(z) == pytest.approx(funnel(point), rel=1e-14)


def test_sampling_starts_where_init_says() -> None:
    start = model_of_logp(funnel, {"log_scale": 0.5, "x": np.ones(3)}).compile()
    assert start.initial_point() is not None
    assert np.asarray(start.initial_point()).tolist() == [0.5, 1.0, 1.0, 1.0]


def test_the_model_travels_as_text() -> None:
    model = model_of_logp(funnel, {"log_scale": 0.5, "x": np.ones(3)})
    there, z = load_model(model.to_json()).compile(), np.array([0.3, -2.0, 1.0, 0.5])
    assert there.value_and_grad(z)[0] == model.compile().value_and_grad(z)[0]


def test_a_function_that_depends_on_nothing_has_gradient_zero() -> None:
    value, gradient = (
        model_of_logp(lambda _: 1.5, 0.0).compile().value_and_grad(np.zeros(1))
    )
    assert (value, gradient.tolist()) == (1.5, [0.0])


def test_a_variable_may_have_the_name_of_the_term() -> None:
    model = model_of_logp(lambda p: -(p["logp"] ** 2), {"logp": 3.0})
    assert model.free_variables == ("logp",)
    assert model.compile().log_density(np.array([3.0])) == -9.0


def test_a_function_may_write_on_its_own_copy_of_the_argument() -> None:
    def shifting(x: Any) -> Any:
        x -= 1.0
        return -anp.sum(x * x)

    one = model_of_logp(shifting, np.zeros(2)).compile()
    value, gradient = one.value_and_grad(np.zeros(2))
    assert (value, gradient.tolist()) == (-2.0, [2.0, 2.0])


def elementwise(x: Any) -> Any:
    return -x * x


def infinite(x: Any) -> Any:
    return anp.log(anp.sum(x))


def branching(x: Any) -> Any:
    return x[0] if x[0] > 0 else x[1]


@pytest.mark.parametrize(
    ("function", "init", "kind", "message"),
    [
        (
            elementwise,
            [1.0, 2.0],
            ModelError,
            (
                r"The function elementwise must give one finite number at the initial "
                r"point, got array\(\[-1\., -4\.\]\); sum what it returns, or start "
            ),
        ),
        (infinite, [0.0], ModelError, "The function infinite must give one finite num"),
        (branching, [1.0, 2.0], UntraceableError, "The function branches on a value "),
        (funnel, [1.0], ModelError, "The function funnel fails at the initial point: "),
        (
            correlated,
            [np.nan, 1.0],
            BadDataError,
            r"init of 'x' must be finite, got \[nan  1\.\]\.",
        ),
        (funnel, {1: 0.0}, ModelError, "A name in init must be non-empty text, got 1."),
        (
            anp.sum,
            np.zeros((0, 2)),
            ShapeMismatchError,
            r"Free variable 'x' is empty, shape \(0, 2\); give its parameters at least",
        ),
        (
            lambda _: None,
            [1.0],
            ModelError,
            "The function <lambda> gives None at the initial point; it must return a r",
        ),
        (
            lambda x: 1j * x[0],
            [1.0],
            ModelError,
            "The function <lambda> gives ",
        ),
        (
            lambda x: (x[0], x[0]),
            [1.0],
            ModelError,
            r"The function <lambda> gives \(np.float64\(1.0\), np.float64\(1.0\)\) at ",
        ),
        (
            funnel,
            {"log_scale": "a"},
            BadDataError,
            "init of 'log_scale' must be made of real numbers, got an array of <U1; ",
        ),
    ],
)
def test_what_cannot_be_sampled_is_refused(
    function: Callable[[Any], Any], init: Any, kind: type[ModelError], message: str
) -> None:
    with pytest.raises(kind, match=f"^{message}"):
        model_of_logp(function, init)
