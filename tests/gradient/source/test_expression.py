from __future__ import annotations

import math

import pytest

from exmc.gradient.source.expression import (
    ATOM,
    PRODUCT,
    SUM,
    Expression,
    atom,
    number,
    real_of,
    tuple_text,
)


@pytest.mark.parametrize(
    ("operand", "of_product"),
    [
        (Expression("a + b", SUM, ()), "(a + b)"),
        (Expression("a * b", PRODUCT, ()), "a * b"),
        (atom("a"), "a"),
    ],
)
def test_only_what_is_weaker_gets_parentheses(
    operand: Expression, of_product: str
) -> None:
    assert operand.within(PRODUCT) == of_product


@pytest.mark.parametrize("value", [0.1, -0.0, -2.5, 1e300, 5e-324, math.inf, -math.inf])
def test_a_number_reads_back_as_itself(value: float) -> None:
    text = number(value).within(ATOM)
    back = eval(text, {"inf": math.inf})  # noqa: S307 - our own text
    assert (back, math.copysign(1.0, back)) == (value, math.copysign(1.0, value))


def test_nan_has_a_name() -> None:
    assert number(math.nan).text == "nan"


def test_numbers_and_thin_axes_stretch() -> None:
    assert real_of(atom("a"), atom("b")) == ()
    assert real_of(atom("a"), atom("b", (3, 1)), atom("c", (1, 4))) == (3, 4)


def test_tuples_of_one_keep_their_comma() -> None:
    assert tuple_text((3,)) == "(3,)"
