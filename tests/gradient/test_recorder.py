from __future__ import annotations

from collections.abc import Callable
from typing import Any

import autograd.numpy as anp
import numpy as np
import pytest
from autograd.tracer import trace_stack

from exmc.errors import UntraceableError
from exmc.gradient.no_rule import NoRuleError
from exmc.gradient.recorder import record_gradient, record_values
from exmc.gradient.tape import Step

Function = Callable[[Any], Any]


def test_value_and_gradient_are_the_outputs() -> None:
    at = np.array([0.5, 1.5])
    recorded = record_gradient(lambda z: anp.sum(z**3), 2, at)
    value, gradient = recorded.outputs
    assert value.value == np.sum(at**3)
    np.testing.assert_allclose(gradient.value, 3.0 * at**2)
    assert [s.name for s in recorded.steps[: recorded.forward]] == [
        *("the input", "power", "sum")
    ]


def test_a_constant_has_a_gradient_of_zero() -> None:
    value, gradient = record_gradient(lambda _: 3.0, 2).outputs
    assert value == 3.0
    np.testing.assert_array_equal(gradient, [0.0, 0.0])


def test_values_are_steps_and_constants() -> None:
    recorded = record_values(lambda z: [anp.exp(z), np.arange(2.0), 1.5], 2)
    first, second, third = recorded.outputs
    assert isinstance(first, Step)
    np.testing.assert_array_equal(second, [0.0, 1.0])
    assert third == 1.5
    assert recorded.forward == len(recorded.steps)


def test_another_place_is_tried_where_a_factorisation_fails() -> None:
    def function(z: Any) -> Any:
        factor = anp.linalg.cholesky((0.01 - anp.sum(z**2)) * anp.eye(2))
        return anp.sum(anp.log(anp.diag(factor)))

    recorded = record_gradient(function, 3)
    np.testing.assert_array_equal(recorded.steps[0].value, np.zeros(3))


def test_a_matrix_that_fails_everywhere_is_told() -> None:
    def function(z: Any) -> Any:
        return anp.sum(anp.linalg.cholesky(-anp.eye(2) - anp.outer(z, z)))

    with pytest.raises(NoRuleError, match="^a matrix cannot be factorised wherever it"):
        record_gradient(function, 2)


PLAIN: list[Function] = [
    lambda z: float(z[0]) + z[1],
    lambda z: z[int(z[0])],
    lambda z: anp.sum(np.array([1.0, 2.0]) * np.float64(z[0])),
]


@pytest.mark.parametrize("function", PLAIN)
def test_a_value_made_a_plain_number_is_refused_with_its_remedy(
    function: Function,
) -> None:
    message = (
        r"^The function turns a value that depends on its arguments into a plain "
        r"number \((Type|Value)Error: .*\); write it with autograd.numpy, without "
        r"float\(\), int\(\) or in-place assignment\.$"
    )
    with pytest.raises(UntraceableError, match=message):
        record_gradient(function, 2)


def test_a_value_written_into_an_array_is_refused() -> None:
    def function(z: Any) -> Any:
        out = np.zeros(2)
        out[0] = z[0]
        return anp.sum(out)

    with pytest.raises(UntraceableError, match="^The function turns a value"):
        record_gradient(function, 2)


OTHERS: list[tuple[Function, str]] = [
    (lambda z: z, r"the log-density has shape \(2,\), not \(\)"),
    (
        lambda z: z.nothing,
        "it cannot be recorded with its gradient .AttributeError: .*",
    ),
]


@pytest.mark.parametrize(("function", "message"), OTHERS)
def test_other_trouble_is_a_reason(function: Function, message: str) -> None:
    depth = trace_stack.top
    with pytest.raises(NoRuleError, match=f"^{message}$"):
        record_gradient(function, 2)
    assert trace_stack.top == depth


def test_a_branch_is_refused() -> None:
    with pytest.raises(UntraceableError, match="^The function branches on a value"):
        record_gradient(lambda z: z[0] if z[0] > 0 else z[1], 2)
