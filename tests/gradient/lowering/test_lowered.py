from __future__ import annotations

from typing import Any

import autograd.numpy as anp
import numpy as np
import pytest
from autograd.scipy import special

from exmc.errors import UntraceableError
from exmc.gradient.lowering import NoRuleError, program_of_density, program_of_values
from tests.gradient.functions import DIM, FUNCTIONS
from tests.gradient.lowering.agreement import agrees
from tests.plain.program_evaluator import evaluate


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_program_has_value_and_gradient_of_its_function(name: str) -> None:
    assert agrees(FUNCTIONS[name], DIM)


def test_the_judge_sees_a_gradient_that_is_wrong() -> None:
    right, wrong = (lambda z: anp.sum(z**2)), (lambda z: anp.sum(z**2) + 1e-6 * z[0])
    assert not agrees(right, DIM, lowered=program_of_density(wrong, DIM))


def test_the_same_function_on_other_data_has_the_same_text() -> None:
    def of(y: Any) -> Any:
        index = np.argsort(y)
        return lambda z: -anp.sum((y - z[0]) ** 2 * anp.exp(z[1])) + anp.sum(z[index])

    stream = np.random.Generator(np.random.PCG64(7))
    one, other = (program_of_density(of(stream.normal(size=9)), 9) for _ in range(2))
    assert one.program.text == other.program.text
    assert any((a != b).any() for a, b in zip(one.data, other.data, strict=True))


def test_values_stand_flat_and_in_order() -> None:
    lowered = program_of_values(lambda z: [anp.exp(z[:2]), z[2] ** 2, 7.0], 3, 4)
    z = np.array([0.0, 1.0, 3.0])
    scalar, vector = evaluate(lowered.program, lowered.data, z)
    assert scalar == 0.0
    np.testing.assert_allclose(vector, [1.0, np.e, 9.0, 7.0])


def test_values_of_another_width_are_refused() -> None:
    with pytest.raises(NoRuleError, match=r"^the values are 2 numbers, not 3$"):
        program_of_values(lambda z: [z], 2, 3)


def test_a_step_without_a_rule_is_named() -> None:
    with pytest.raises(NoRuleError, match="^i0 has no rule$"):
        program_of_density(lambda z: anp.sum(special.i0(z)), 3)
    with pytest.raises(NoRuleError, match="^the derivative of sort cannot be recorded"):
        program_of_density(lambda z: anp.sum(anp.sort(z) * z), 3)


def test_a_branch_is_refused_with_its_remedy() -> None:
    with pytest.raises(UntraceableError, match=r"^The function branches on a value"):
        program_of_density(lambda z: z[0] if z[0] > 0 else z[1], 2)
