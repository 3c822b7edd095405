from __future__ import annotations

from collections.abc import Callable
from typing import Any

import autograd.numpy as anp
import pytest

from exmc.gradient.lowering import NoRuleError, program_of_density, program_of_values
from exmc.gradient.lowering.elementwise import RULES
from tests.gradient.lowering.agreement import agrees, values_agree

Function = Callable[[Any], Any]

ANYWHERE = [
    "abs",
    "absolute",
    "arcsinh",
    "arctan",
    "ceil",
    "conj",
    "conjugate",
    "copy",
    "cos",
    "cosh",
    "deg2rad",
    "degrees",
    "exp",
    "exp2",
    "expm1",
    "fabs",
    "fix",
    "floor",
    "isfinite",
    "isinf",
    "isnan",
    "logical_not",
    "negative",
    "positive",
    "rad2deg",
    "radians",
    "real",
    "reciprocal",
    "rint",
    "round",
    "around",
    "sign",
    "sin",
    "sinc",
    "sinh",
    "square",
    "tan",
    "tanh",
    "trunc",
    "nan_to_num",
    "asarray",
]
WITHIN_ONE = ["arccos", "arcsin", "arctanh"]
POSITIVE = ["arccosh", "log", "log10", "log1p", "log2", "sqrt"]
OF_TWO = [
    "add",
    "arctan2",
    "divide",
    "equal",
    "floor_divide",
    "fmod",
    "greater",
    "greater_equal",
    "hypot",
    "less",
    "less_equal",
    "logaddexp",
    "logical_and",
    "logical_or",
    "logical_xor",
    "maximum",
    "minimum",
    "mod",
    "multiply",
    "not_equal",
    "remainder",
    "subtract",
    "true_divide",
]
OF_TRUTHS = ["bitwise_and", "bitwise_or", "bitwise_xor"]


def at(name: str) -> Any:
    return getattr(anp, name)


def of_two(name: str) -> Function:
    """Against other entries, equal ones, and a number."""
    function = at(name)
    return lambda z: anp.concatenate(
        [
            1.0 * function(z, z[::-1]),
            1.0 * function(z, z),
            1.0 * function(z[:, None], anp.array([0.5, -2.0])).ravel(),
        ]
    )


def of_truths(name: str) -> Function:
    function = at(name)
    return lambda z: 1.0 * function(z > 0, z < 0.5)


def after(function: Function, inside: Function) -> Function:
    return lambda z: 1.0 * function(inside(z))


ROWS: dict[str, Function] = {
    **{name: after(at(name), lambda z: 3.0 * z) for name in ANYWHERE},
    **{name: after(at(name), anp.tanh) for name in WITHIN_ONE},
    **{name: after(at(name), lambda z: 1.0 + z * z) for name in POSITIVE},
    **{name: of_two(name) for name in OF_TWO},
    **{name: of_truths(name) for name in OF_TRUTHS},
    "invert": lambda z: 1.0 * anp.invert(z > 0),
    "power": lambda z: anp.power(anp.abs(z), z[::-1]) + z**2 + anp.abs(z) ** -0.5,
    "clip": lambda z: anp.clip(z, -0.5, None) + anp.clip(z, None, z[0]),
    "astype": lambda z: (2.5 * z).astype(int) + 1.0 * z.astype(bool),
    "_astype": lambda z: z.astype(float),
    "_original_where": lambda z: anp.where(z, anp.where(z > 0, z, 2.0), 1.0),
}


def test_every_rule_has_a_row() -> None:
    assert set(ROWS) == set(RULES)


@pytest.mark.parametrize("name", ROWS)
def test_a_rule_computes_what_numpy_does(name: str) -> None:
    assert values_agree(ROWS[name], 7)


@pytest.mark.parametrize("scale", [1e-150, 1e-3, 3.0, 30.0, 1e9])
@pytest.mark.parametrize("name", ["arcsinh", "hypot", "logaddexp", "arctan2"])
def test_a_formula_holds_near_zero_and_far_out(name: str, scale: float) -> None:
    assert values_agree(lambda z: ROWS[name](scale * z) / scale, 4)


def test_truth_values_add_as_or_and_multiply_as_and() -> None:
    assert values_agree(lambda z: 1.0 * ((z > 0) + (z < 1)), 5)
    assert values_agree(lambda z: 1.0 * ((z > 0) * (z < 1)), 5)
    assert values_agree(lambda z: (z > 0) * z + (z < 1), 5)


def test_halves_are_rounded_to_the_even_neighbour() -> None:
    halves = anp.arange(-3.5, 4.0)
    assert values_agree(lambda z: anp.rint(0.0 * z + halves), 8)


def test_a_log_sum_survives_a_probability_of_zero() -> None:
    zero = anp.array([-anp.inf, 0.5, -anp.inf])
    assert agrees(lambda z: anp.sum(anp.logaddexp(zero, z)), 3)
    assert agrees(lambda z: anp.sum(anp.logaddexp(z, zero)), 3)


REFUSED: list[tuple[Function, str]] = [
    (lambda z: anp.round(z, 1), "round has decimals"),
    (
        lambda z: 1.0 * anp.bitwise_and(z.astype(int), 1),
        "bitwise_and is applied to whole numbers",
    ),
    (lambda z: z.astype("float32"), "astype computes with float32 numbers, not f"),
]


@pytest.mark.parametrize(("function", "message"), REFUSED)
def test_what_a_rule_does_not_cover_is_refused(
    function: Function, message: str
) -> None:
    with pytest.raises(NoRuleError, match=f"^{message}"):
        program_of_values(lambda z: [function(z)], 3, 3)


def test_the_argument_of_a_step_must_be_known_where_a_program_needs_it() -> None:
    with pytest.raises(NoRuleError, match="depends on the parameters"):
        program_of_density(lambda z: anp.sum(z[anp.floor(z).astype(int)]), 3)
