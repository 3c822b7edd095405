from __future__ import annotations

from collections.abc import Callable
from typing import Any

import autograd.numpy as anp
import numpy as np
import pytest

from exmc.gradient.lowering import (
    Lowered,
    NoRuleError,
    numpy_function,
    program_of_density,
    program_of_values,
)
from exmc.gradient.lowering.agreement import check_agreement, check_values
from exmc.numerics.autodiff import defvjp, primitive
from exmc.typing import Vector

Function = Callable[[Any], Any]


def check(lowered: Lowered, function: Function, at: Vector | None = None) -> None:
    density = numpy_function(lowered)
    centre = np.zeros(lowered.program.dim) if at is None else at
    check_agreement(density, function, centre, mended=lowered.mended)


def right(z: Any) -> Any:
    return anp.sum(anp.sin(z)) - z[0] ** 2


WRONG: list[tuple[Function, str]] = [
    (lambda z: right(z) + 1e-6, "the log-density"),
    (lambda z: right(z) + 1e-5 * (z[1] - 0.1), "entry 1 of the gradient"),
    (lambda z: right(z) + anp.log(-1.0 - anp.abs(z[2])), "the log-density"),
]


def test_a_program_agrees_with_its_own_function() -> None:
    check(program_of_density(right, 3), right)


@pytest.mark.parametrize(("wrong", "where"), WRONG)
def test_a_program_of_another_function_is_found_out(
    wrong: Function, where: str
) -> None:
    lowered = program_of_density(right, 3)
    with pytest.raises(NoRuleError, match=f"^its program gives .* for {where}$"):
        check(lowered, wrong)


@pytest.mark.parametrize("at", [None, np.array([3.0, 2.0, 1.0])])
def test_values_of_another_function_are_found_out(at: Any) -> None:
    def values(z: Any) -> list[Any]:
        return [anp.exp(z[:2]), z[2]]

    ours = numpy_function(program_of_values(values, 3, 3, at))
    centre = np.zeros(3) if at is None else at
    check_values(ours, values, centre, 3)
    with pytest.raises(NoRuleError, match=r"^its program gives .* for value 2 where"):
        check_values(ours, lambda z: [anp.exp(z[:2]), 1.001 * z[2]], centre, 3)


def test_a_function_that_draws_numbers_is_found_out() -> None:
    stream = np.random.Generator(np.random.PCG64(1))
    with pytest.raises(NoRuleError, match="^its program gives "):
        program_of_density(lambda z: anp.sum(z) * stream.normal(), 2)


def test_a_derivative_that_lies_about_its_step_is_found_out() -> None:
    calls: list[int] = []

    def slope(_value: Any, _x: Any) -> Any:
        calls.append(1)
        return lambda g: g * float(len(calls))

    function = primitive(anp.exp.fun)
    defvjp(function, slope)
    with pytest.raises(NoRuleError, match="has no rule$"):
        program_of_density(lambda z: anp.sum(function(z)), 2)


def test_what_is_not_finite_in_both_agrees() -> None:
    def nowhere(z: Any) -> Any:
        return anp.sum(anp.log(-anp.exp(z)))

    check(program_of_density(nowhere, 2), nowhere)


def test_a_matrix_that_cannot_be_factorised_agrees_with_nan() -> None:
    def function(z: Any) -> Any:
        matrix = z[0] * anp.eye(2)
        return anp.sum(anp.log(anp.diag(anp.linalg.cholesky(matrix))))

    at = np.array([0.2])
    check(program_of_density(function, 1, at), function, at)


def test_rounding_that_a_function_magnifies_is_no_disagreement() -> None:
    def steep(z: Any) -> Any:
        return anp.sum(anp.cos(1e9 * z))

    def as_steep(z: Any) -> Any:
        return anp.sum(anp.cos(1e9 * (z + 1e-18)))

    check(program_of_density(steep, 2), as_steep)


def test_a_mended_gradient_may_be_finite_where_autograds_is_not() -> None:
    def function(z: Any) -> Any:
        return anp.sum(anp.where(z > 1e6, anp.log(z - 1e6), z))

    assert program_of_density(function, 3).mended
