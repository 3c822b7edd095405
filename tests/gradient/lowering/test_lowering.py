from __future__ import annotations

from typing import Any

import autograd.numpy as anp
import numpy as np
import pytest

from exmc.gradient.lowering.known import found_rule
from exmc.gradient.lowering.lowering import Lowering
from exmc.gradient.lowering.table import rule_of
from exmc.gradient.no_rule import NoRuleError
from exmc.gradient.recorder import record_gradient, record_values
from tests.gradient.lowering.agreement import values_agree


def lowered(function: Any, dim: int = 3) -> Lowering:
    return Lowering(record_gradient(function, dim), found_rule)


def ops(low: Lowering) -> list[str]:
    value, gradient = low.outputs()
    program, _ = low.build.program(value, gradient)
    return [instruction.op for instruction in program.instructions]


def test_an_array_of_one_number_is_that_number() -> None:
    assert "data" not in ops(lowered(lambda z: anp.sum(z * np.full(3, 2.0))))


def test_an_array_is_one_slot_however_often_it_is_used() -> None:
    weights = np.array([1.0, 3.0, 4.0])
    low = lowered(lambda z: anp.sum(weights * z) + anp.sum(anp.exp(weights * z)))
    assert ops(low).count("data") == 1


def test_arrays_that_are_alike_are_one_slot_too() -> None:
    one, other = np.array([1.0, 3.0, 4.0]), np.array([1.0, 3.0, 4.0])
    low = lowered(lambda z: anp.sum(one * z) + anp.sum(anp.exp(other * z)))
    assert ops(low).count("data") == 1


def test_steps_that_no_output_needs_take_no_rule() -> None:
    def function(z: Any) -> Any:
        anp.sort(z)
        return anp.sum(z)

    low = lowered(function)
    assert ops(low) == ops(lowered(anp.sum))


def test_empty_arrays_are_sums_of_nothing() -> None:
    assert values_agree(lambda z: anp.sum(anp.exp(z[2:2])) + z, 3)
    assert values_agree(lambda z: anp.concatenate([anp.exp(z[:0]), z]), 3)


def test_a_rule_that_gives_another_shape_is_found_out() -> None:
    def wrong(primitive: Any) -> Any:
        if primitive is anp.exp:
            return lambda low, x: low.build.sum(low.node(x))
        return rule_of(primitive)

    recorded = record_values(lambda z: [anp.exp(z)], 3)
    with pytest.raises(NoRuleError, match=r"^exp gives shape \(3,\), not \(\)$"):
        Lowering(recorded, wrong)


def test_a_rule_that_fails_says_of_what() -> None:
    recorded = record_values(lambda z: [anp.sum(z, initial=1.0)], 3)
    message = "^sum has the option initial=$"
    with pytest.raises(NoRuleError, match=message):
        Lowering(recorded, found_rule)
    recorded = record_values(lambda z: [anp.exp(z, dtype=float)], 3)
    with pytest.raises(NoRuleError, match="^exp is used in a way that has no rule"):
        Lowering(recorded, found_rule)


@pytest.mark.parametrize("number", [np.float32(2.0), np.ones(3, np.float32)])
def test_an_array_of_floats_of_any_length_is_one_of_float64(number: Any) -> None:
    assert values_agree(lambda z: z * number, 3)


def test_complex_numbers_have_no_rule() -> None:
    recorded = record_values(lambda z: [anp.real(z * 1j)], 3)
    with pytest.raises(NoRuleError, match="^multiply computes with complex128 numbers"):
        Lowering(recorded, found_rule)
