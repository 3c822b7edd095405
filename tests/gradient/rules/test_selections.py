# ruff: noqa: E501 - a formula is read in one line
"""Each rule about sizes, signs and choices: what it does, and that the value is unchanged."""

from __future__ import annotations

import pytest

from exmc.gradient.rules import selections
from tests.gradient.rules.laws import Case, RuleLaws

CASES = [
    Case(
        selections.absolute, lambda a: a("abs", a("neg", a.x)), "abs(neg(x))", "abs(x)"
    ),
    Case(
        selections.absolute,
        lambda a: a("abs", a("mul", a.num(2.0), a("exp", a.x))),
        "abs(mul(2.0, exp(x)))",
        "mul(2.0, exp(x))",
    ),
    Case(
        selections.absolute,
        lambda a: a("abs", a("add", a.num(1.0), a("mul", a.x, a.x))),
        "abs(add(1.0, mul(x, x)))",
        "add(1.0, mul(x, x))",
    ),
    Case(
        selections.sign,
        lambda a: a("sign", a("neg", a.x)),
        "sign(neg(x))",
        "neg(sign(x))",
    ),
    Case(selections.same, lambda a: a("max", a.x, a.x), "max(x, x)", "x"),
    Case(
        selections.choice,
        lambda a: a("where", a.num(1.0), a.x, a.y),
        "where(1.0, x, y)",
        "x",
    ),
    Case(
        selections.choice,
        lambda a: a("where", a.num(0.0), a.x, a.s),
        "where(0.0, x, s)",
        "view(input() offset=10 strides=(0,) : [5])",
    ),
    Case(selections.choice, lambda a: a("where", a.x, a.y, a.y), "where(x, y, y)", "y"),
    Case(
        selections.sign_of_choice,
        lambda a: a("where", a.x, a("neg", a.y), a("neg", a.s)),
        "where(x, neg(y), neg(s))",
        "neg(where(x, y, s))",
    ),
    Case(
        selections.sign_of_choice,
        lambda a: a("where", a.x, a("neg", a.y), a.num(0.0)),
        "where(x, neg(y), 0.0)",
        "neg(where(x, y, 0.0))",
    ),
    Case(
        selections.choice_of_data,
        lambda a: a(
            "where", a.b.data([1.0, 0.0, 0.0, 2.0, 1.0]), a.num(0.0), a("mul", a.x, a.x)
        ),
        "where(data [1.0, 0.0, 0.0, 2.0, 1.0], 0.0, mul(x, x))",
        "mul(data [0.0, 1.0, 1.0, 0.0, 0.0], mul(x, x))",
    ),
    Case(
        selections.product_of_choice,
        lambda a: a("mul", a.y, a("where", a.x, a.y, a.num(0.0))),
        "mul(y, where(x, y, 0.0))",
        "where(x, mul(y, y), 0.0)",
    ),
    Case(
        selections.product_of_choice,
        lambda a: a("mul", a("where", a.x, a.num(0.0), a.y), a.y, a.d),
        "mul(where(x, 0.0, y), y, d)",
        "where(x, 0.0, mul(y, y, d))",
    ),
    Case(
        selections.by_sign,
        lambda a: a(
            "where",
            a("lt", a.x, a.num(0.0)),
            a("sigmoid", a("neg", a("abs", a.x))),
            a("sigmoid", a("abs", a.x)),
        ),
        "where(lt(x, 0.0), sigmoid(neg(abs(x))), sigmoid(abs(x)))",
        "where(lt(x, 0.0), sigmoid(x), sigmoid(x))",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
class TestRules(RuleLaws):
    pass
