from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import autograd.numpy as anp
import autograd.scipy.stats.norm as autograd_norm
import numpy as np
import pytest
from autograd import value_and_grad
from autograd.tracer import trace_stack

from exmc.errors import ModelError, UnknownFormatError, UntraceableError
from exmc.gradient.trace import (
    Slot,
    Step,
    TracedFunction,
    functions,
    record,
    resolve,
)
from exmc.numerics import differentiable

Function = Callable[..., Any]

X = np.array([0.4, -1.2, 2.0])
Z = np.array([-0.3, 0.9, 1.1])


def with_dot(x: Any) -> Any:
    return anp.dot(x, x) + anp.sum(anp.exp(-x))


def with_comparisons(x: Any) -> Any:
    inside = anp.logical_and(x > 0, x < 1.5)
    return anp.sum(anp.where(inside, x**2, anp.abs(x)))


def with_indexing(x: Any) -> Any:
    return x[0] * x[1:][::-1][0] + anp.sum(x[np.array([0, 0, 2])])


def with_joining(x: Any) -> Any:
    both = anp.concatenate([x, anp.stack([x[0], x[1]]), anp.array([x[2], 1.0])])
    return anp.sum(both**2) + anp.sum(anp.einsum("i,j->ij", x, x))


def with_linear_algebra(x: Any) -> Any:
    matrix = anp.eye(3) * 5.0 + anp.outer(x, x)
    return anp.linalg.slogdet(matrix)[1] + anp.sum(anp.linalg.solve(matrix, x))


def with_plain_numpy(x: Any) -> Any:
    return np.sum(np.log1p(x * x)) + np.tanh(x)[0]


def with_our_own(x: Any) -> Any:
    return differentiable.logsumexp(x) + anp.sum(differentiable.lgamma(x * x))


def with_scipy(x: Any) -> Any:
    return anp.sum(autograd_norm.logpdf(x, 0.5, 2.0))


def with_a_count(x: Any) -> Any:
    return anp.sum(x > 0) * 1.0 + x[0]


def with_a_loop(x: Any) -> Any:
    total = x[0]
    for i in range(1, len(x)):
        total = 0.5 * total + anp.sin(x[i])
    return total


GOOD: list[Function] = [
    with_dot,
    with_comparisons,
    with_indexing,
    with_joining,
    with_linear_algebra,
    with_plain_numpy,
    with_our_own,
    with_scipy,
    with_a_count,
    with_a_loop,
]


@pytest.mark.parametrize("function", GOOD)
def test_a_record_gives_what_its_function_gives(function: Function) -> None:
    traced = record(function, X)
    for point in (X, Z):
        assert traced(point) == function(point)


@pytest.mark.parametrize("function", GOOD)
def test_a_record_has_the_gradient_of_its_function(function: Function) -> None:
    traced = TracedFunction.from_json(record(function, X).to_json())
    value, gradient = value_and_grad(traced)(Z)
    expected_value, expected_gradient = value_and_grad(function)(Z)
    assert value == expected_value
    np.testing.assert_array_equal(gradient, expected_gradient)


@pytest.mark.parametrize("function", GOOD)
def test_a_record_survives_as_text(function: Function) -> None:
    text = record(function, X).to_json()
    assert TracedFunction.from_json(text).to_json() == text


def test_several_inputs_keep_their_order() -> None:
    traced = record(lambda a, b: anp.sum(a * b) - b, X, np.array(2.0))
    assert traced.shapes == ((3,), ())
    assert traced(Z, 3.0).tolist() == np.sum(Z * 3.0) - 3.0


def test_a_function_of_no_input_is_its_value() -> None:
    traced = record(lambda _: 4.5, X)
    assert (traced.steps, traced.result, traced(Z)) == ((), 4.5, 4.5)


def test_later_changes_of_a_captured_array_do_not_reach_the_record() -> None:
    weights = np.ones(3)
    traced = record(lambda x: anp.sum(weights * x), X)
    weights[:] = 7.0
    assert traced(X) == X.sum()


def branching(x: Any) -> Any:
    return x[0] if x[0] > 0 else x[1]


def asking(x: Any) -> Any:
    return x[0] if anp.all(x) else x[1]


def converting(x: Any) -> Any:
    return float(x[0])


def peeking(x: Any) -> Any:
    value = getattr(x, "_value", x)
    return anp.sum(x) if value[0] > 0 else -anp.sum(x)


class Counting:
    def __init__(self) -> None:
        self.calls = 0

    def __call__(self, x: Any) -> Any:
        self.calls += 1
        return anp.sum(x) * self.calls


def complex_constant(x: Any) -> Any:
    return anp.real(anp.sum(x * np.array([1j, 1.0, 1.0])))


def differentiating(x: Any) -> Any:
    return value_and_grad(with_dot)(x)[1][0]


REFUSED: list[tuple[Function, str]] = [
    (
        branching,
        (
            "The function branches on a value that depends on its arguments; choose "
            "with np.where(condition, a, b), so that both branches are recorded."
        ),
    ),
    (asking, "The function branches on a value that depends on its arguments; "),
    (
        converting,
        "The function converting cannot be recorded: TypeError: float() argument must ",
    ),
    (peeking, "The function peeking gives "),
    (Counting(), "The function <"),
    (
        complex_constant,
        "The function uses an argument that cannot be recorded: an array of complex128",
    ),
    (differentiating, "The function uses "),
]


@pytest.mark.parametrize(("function", "message"), REFUSED)
def test_what_cannot_be_recorded_is_refused_with_the_reason(
    function: Function, message: str
) -> None:
    depth = trace_stack.top
    with pytest.raises(UntraceableError) as caught:
        record(function, X)
    assert str(caught.value).startswith(message)
    assert trace_stack.top == depth


def test_a_function_that_fails_by_itself_is_told_so() -> None:
    def failing(x: Any) -> Any:
        return x[7]

    message = (
        r"^The function failing fails at the initial point: IndexError: index 7 is out "
        r"of bounds for axis 0 with size 3; correct it, or the point\.$"
    )
    with pytest.raises(ModelError, match=message):
        record(failing, X)


def test_autograds_own_boxes_may_still_be_asked_for_their_truth() -> None:
    assert value_and_grad(branching)(X)[0] == X[0]


def test_every_name_leads_to_a_function() -> None:
    for name, function in functions().items():
        assert callable(function)
        assert resolve(name) is function


@pytest.mark.parametrize(
    "name", ["system", "os.system", "autograd.scipy.stats.norm.no"]
)
def test_an_unknown_function_is_refused(name: str) -> None:
    with pytest.raises(
        UnknownFormatError, match=f"^Unknown function '{name}' in a rec"
    ):
        resolve(name)


def test_a_record_of_an_unknown_function_is_refused_when_it_is_read() -> None:
    step = Step("eval", (Slot(0), "print(1)"))
    text = json.dumps(TracedFunction(((),), (step,), Slot(1)).to_data())
    with pytest.raises(
        UnknownFormatError, match="^Unknown function 'eval' in a record"
    ):
        TracedFunction.from_json(text)


@pytest.mark.parametrize("change", [{"format": "other"}, {"version": 2}])
def test_another_version_is_refused(change: dict[str, Any]) -> None:
    data = record(with_dot, X).to_data() | change
    with pytest.raises(
        UnknownFormatError, match="^Unknown format of a recorded functi"
    ):
        TracedFunction.from_data(data)
