from __future__ import annotations

from typing import Any

import autograd.numpy as anp
import numpy as np
import pytest

from exmc.errors import UntraceableError
from exmc.gradient.backward import dense, pulled_back
from exmc.gradient.library import getval
from exmc.gradient.no_rule import NoRuleError
from exmc.gradient.tape import Recording, step_of
from exmc.numerics.autodiff import defvjp, primitive, value_and_grad
from tests.gradient.functions import DIM, FUNCTIONS

Z = np.linspace(-0.9, 1.1, DIM)


def gradient(function: Any, z: Any = Z) -> Any:
    with Recording() as tape, np.errstate(all="ignore"):
        value = function(tape.begin(z))
        end = step_of(value, tape)
        assert end is not None
        return getval(pulled_back(tape, end))


NAMES = [name for name in FUNCTIONS if name != "a constant"]


@pytest.mark.parametrize("name", NAMES)
def test_our_own_way_back_is_autograds(name: str) -> None:
    with np.errstate(all="ignore"):
        _, expected = value_and_grad(FUNCTIONS[name])(Z)
    np.testing.assert_allclose(
        gradient(FUNCTIONS[name]), expected, rtol=1e-9, atol=1e-12
    )


def test_gradients_are_not_added_in_place() -> None:
    seen: list[Any] = []

    def slope(_value: Any, _x: Any) -> Any:
        def back(g: Any) -> Any:
            seen.append(getval(g))
            return g

        return back

    same = primitive(lambda x: 1.0 * x)
    defvjp(same, slope)

    def function(z: Any) -> Any:
        a = same(z)
        return anp.sum(a[:2]) + anp.sum(a[1:]) + anp.sum(a)

    gradient(function)
    (last,) = seen
    np.testing.assert_array_equal(last[:3], [2.0, 3.0, 2.0])


def test_no_array_of_the_recording_is_changed_by_the_way_back() -> None:
    with Recording() as tape:
        z = tape.begin(Z)
        y = anp.exp(z)
        end = step_of(anp.sum(y[:3]) + anp.sum(y[2:]) * anp.sum(y), tape)
        assert end is not None
        before = [np.array(getval(s.value)) for s in tape.steps]
        pulled_back(tape, end)
    for step, value in zip(tape.steps, before, strict=False):
        np.testing.assert_array_equal(step.value, value)


def test_the_way_back_is_on_the_tape() -> None:
    with Recording() as tape:
        z = tape.begin(Z)
        end = step_of(anp.sum(anp.exp(z)), tape)
        assert end is not None
        forward = len(tape.steps)
        slope = pulled_back(tape, end)
        assert step_of(slope, tape) is tape.steps[-1]
        assert len(tape.steps) > forward


def test_nothing_of_the_input_gives_zeros() -> None:
    np.testing.assert_array_equal(gradient(lambda z: anp.sum(anp.floor(z))), 0.0 * Z)


def test_a_gradient_in_a_place_becomes_an_array_with_zeros() -> None:
    np.testing.assert_array_equal(gradient(lambda z: z[3]), np.eye(DIM)[3])
    assert dense.__name__ == "_dense"


def test_a_step_without_derivative_is_named() -> None:
    opaque = primitive(lambda x: x * 1.0)
    with pytest.raises(NoRuleError, match="has no derivative$"):
        gradient(lambda z: anp.sum(opaque(z)))


def test_a_derivative_that_cannot_be_recorded_is_named() -> None:
    with pytest.raises(NoRuleError, match="^the derivative of sort cannot be recorded"):
        gradient(lambda z: anp.sum(anp.sort(z) ** 2))


def test_a_derivative_that_branches_is_refused() -> None:
    branching = primitive(lambda x: 1.0 * np.abs(x))
    defvjp(branching, lambda _value, x: lambda g: g if x[0] > 0 else -g)
    with pytest.raises(UntraceableError, match="^The function branches on a value"):
        gradient(lambda z: anp.sum(branching(z)))
