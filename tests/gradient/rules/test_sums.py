"""Each rule about sums of terms: what it does, and that the value is unchanged."""

from __future__ import annotations

import pytest

from exmc.gradient.rules import sums
from tests.gradient.rules.laws import Case, RuleLaws

CASES = [
    Case(
        sums.collected,
        lambda a: a(
            "add", a.x, a.num(1.0), a("neg", a.y), a("mul", a.num(2.0), a.x), a.num(2.0)
        ),
        "add(x, 1.0, neg(y), mul(2.0, x), 2.0)",
        "add(3.0, mul(3.0, x), neg(y))",
    ),
    Case(
        sums.collected,
        lambda a: a("add", a("neg", a.x), a.y),
        "add(neg(x), y)",
        "neg(add(x, neg(y)))",
    ),
    Case(
        sums.collected,
        lambda a: a("add", a.x, a("neg", a.x)),
        "add(x, neg(x))",
        "view(0.0 offset=0 strides=(0,) : [5])",
    ),
    Case(
        sums.collected,
        lambda a: a("add", a("mul", a.num(3.0), a.x), a("mul", a.num(-3.0), a.y)),
        "add(mul(3.0, x), mul(-3.0, y))",
        "mul(3.0, add(x, neg(y)))",
    ),
    Case(
        sums.collected,
        lambda a: a("add", a("mul", a.num(3.0), a.x), a("mul", a.num(3.0), a.y), a.d),
        "add(mul(3.0, x), mul(3.0, y), d)",
        "add(d, mul(3.0, add(x, y)))",
    ),
    Case(
        sums.collected,
        lambda a: a(
            "add", a("mul", a.s, a.x), a("mul", a("mul", a.num(2.0), a.s), a.y)
        ),
        "add(mul(s, x), mul(mul(2.0, s), y))",
        "mul(s, add(x, mul(2.0, y)))",
    ),
    Case(
        sums.collected,
        lambda a: a("add", a.x, a.s, a.t, a.num(1.0)),
        "add(x, s, t, 1.0)",
        "add(add(1.0, s, t), x)",
    ),
    Case(
        sums.collected,
        lambda a: a("add", a.x, a.d, a.num(1.0), a.d),
        "add(x, d, 1.0, d)",
        "add(1.0, x, mul(2.0, d))",
    ),
    Case(
        sums.collected,
        lambda a: a("add", a.x, a.b.view(a.s, (5,), 0, (0,))),
        "add(x, view(s offset=0 strides=(0,) : [5]))",
        "add(s, x)",
    ),
    Case(
        sums.opened,
        lambda a: a("add", a.s, a("mul", a.num(3.0), a("add", a.s, a.t))),
        "add(s, mul(3.0, add(s, t)))",
        "add(s, mul(3.0, s), mul(3.0, t))",
    ),
    Case(
        sums.opened,
        lambda a: a("add", a.num(1.0), a.s, a("neg", a("add", a.num(2.0), a.t))),
        "add(1.0, s, neg(add(2.0, t)))",
        "add(1.0, s, neg(2.0), neg(t))",
    ),
    Case(
        sums.without_sigmoid,
        lambda a: a("add", a.num(1.0), a("neg", a("sigmoid", a.x))),
        "add(1.0, neg(sigmoid(x)))",
        "sigmoid(neg(x))",
    ),
    Case(
        sums.without_sigmoid,
        lambda a: a("add", a.num(2.0), a("mul", a.num(-2.0), a("sigmoid", a.x))),
        "add(2.0, mul(-2.0, sigmoid(x)))",
        "mul(2.0, sigmoid(neg(x)))",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
class TestRules(RuleLaws):
    pass
