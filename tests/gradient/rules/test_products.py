"""Each rule about products and signs: what it does, and that the value is unchanged."""

from __future__ import annotations

import sys

import pytest

from exmc.gradient.plain_builder import PlainBuilder
from exmc.gradient.rules import products
from tests.gradient.rules.laws import POSITIVE, Case, RuleLaws

CASES = [
    Case(
        products.collected,
        lambda a: a("mul", a.x, a.num(2.0), a("neg", a.y), a("recip", a.x)),
        "mul(x, 2.0, neg(y), recip(x))",
        "mul(-2.0, y)",
        POSITIVE,
    ),
    Case(
        products.collected,
        lambda a: a("mul", a.x, a.num(2.0), a.s, a.y),
        "mul(x, 2.0, s, y)",
        "mul(mul(2.0, s), mul(x, y))",
    ),
    Case(
        products.collected,
        lambda a: a("mul", a("sqrt", a.x), a("sqrt", a.x), a("sqrt", a.x)),
        "mul(sqrt(x), sqrt(x), sqrt(x))",
        "mul(x, sqrt(x))",
        POSITIVE,
    ),
    Case(
        products.collected,
        lambda a: a("mul", a("abs", a.x), a("abs", a.x)),
        "mul(abs(x), abs(x))",
        "mul(x, x)",
    ),
    Case(
        products.collected,
        lambda a: a("mul", a("abs", a.x), a("sign", a.x)),
        "mul(abs(x), sign(x))",
        "x",
    ),
    Case(
        products.collected,
        lambda a: a("mul", a.x, a("sign", a.x)),
        "mul(x, sign(x))",
        "abs(x)",
    ),
    Case(
        products.collected,
        lambda a: a("mul", a("exp", a.x), a("sigmoid", a("neg", a.x))),
        "mul(exp(x), sigmoid(neg(x)))",
        "sigmoid(x)",
    ),
    Case(
        products.collected,
        lambda a: a("mul", a("recip", a("exp", a.x)), a("sigmoid", a.x)),
        "mul(recip(exp(x)), sigmoid(x))",
        "sigmoid(neg(x))",
    ),
    Case(
        products.collected,
        lambda a: a("mul", a("mul", a.s, a.x), a("mul", a.num(2.0), a.y)),
        "mul(mul(s, x), mul(2.0, y))",
        "mul(mul(2.0, s), mul(x, y))",
    ),
    Case(
        products.collected,
        lambda a: a("mul", a("mul", a.s, a.x), a("mul", a("recip", a.s), a.x)),
        "mul(mul(s, x), mul(recip(s), x))",
        "mul(x, x)",
        POSITIVE,
    ),
    Case(
        products.collected,
        lambda a: a("mul", a.num(0.0), a.x),
        "mul(0.0, x)",
        "view(0.0 offset=0 strides=(0,) : [5])",
    ),
    Case(
        products.collected,
        lambda a: a("mul", a.d, a.x, a.d),
        "mul(d, x, d)",
        "mul(x, mul(d, d))",
    ),
    Case(
        products.distributed,
        lambda a: a("mul", a.x, a("add", a.y, a("mul", a("recip", a.x), a.d))),
        "mul(x, add(y, mul(recip(x), d)))",
        "add(mul(x, mul(recip(x), d)), mul(x, y))",
        POSITIVE,
    ),
    Case(
        products.distributed,
        lambda a: a("mul", a("recip", a.s), a("add", a.t, a("mul", a.s, a.num(3.0)))),
        "mul(recip(s), add(t, mul(s, 3.0)))",
        "add(mul(recip(s), mul(s, 3.0)), mul(recip(s), t))",
        POSITIVE,
    ),
    Case(
        products.distributed,
        lambda a: a("mul", a.s, a.s, a("add", a.t, a("recip", a.s))),
        "mul(s, s, add(t, recip(s)))",
        "mul(add(mul(s, recip(s)), mul(s, t)), s)",
        POSITIVE,
    ),
    Case(
        products.shared,
        lambda a: a("mul", a.x, a.y, a("exp", a("mul", a.x, a.y))),
        "mul(x, y, exp(mul(x, y)))",
        "mul(mul(x, y), exp(mul(x, y)))",
    ),
    Case(products.negated, lambda a: a("neg", a("neg", a.x)), "neg(neg(x))", "x"),
    Case(
        products.negated,
        lambda a: a("neg", a("mul", a.num(2.0), a.x)),
        "neg(mul(2.0, x))",
        "mul(-2.0, x)",
    ),
    Case(
        products.negated,
        lambda a: a("neg", a("mul", a("mul", a.num(2.0), a.s), a.x)),
        "neg(mul(mul(2.0, s), x))",
        "mul(mul(-2.0, s), x)",
    ),
    Case(
        products.reciprocal,
        lambda a: a("recip", a("recip", a.x)),
        "recip(recip(x))",
        "x",
        POSITIVE,
    ),
    Case(
        products.reciprocal,
        lambda a: a("recip", a("neg", a.x)),
        "recip(neg(x))",
        "neg(recip(x))",
        POSITIVE,
    ),
    Case(
        products.reciprocal,
        lambda a: a("recip", a("mul", a.num(2.0), a.x)),
        "recip(mul(2.0, x))",
        "mul(recip(2.0), recip(x))",
        POSITIVE,
    ),
    Case(
        products.reciprocal,
        lambda a: a("recip", a("mul", a.x, a.x)),
        "recip(mul(x, x))",
        "mul(recip(x), recip(x))",
        POSITIVE,
    ),
    Case(
        products.reciprocal,
        lambda a: a("recip", a("mul", a.s, a.t)),
        "recip(mul(s, t))",
        "mul(recip(s), recip(t))",
        POSITIVE,
    ),
    Case(
        products.reciprocal,
        lambda a: a("recip", a("pow", a.x, a.num(3.5))),
        "recip(pow(x, 3.5))",
        "pow(x, neg(3.5))",
        POSITIVE,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
class TestRules(RuleLaws):
    pass


def test_a_factor_is_found_deeper_than_calls_may_be() -> None:
    b = PlainBuilder(2)
    x = b.view(b.input(), (), 0, ())
    term = x
    for _ in range(sys.getrecursionlimit()):
        term = b.mul(b.neg(term), b.pointwise("exp", x))
    assert products.has_factor(b, term, x)
    assert not products.has_factor(b, term, b.view(b.input(), (), 1, ()))
