"""Each rule about linear operations: what it does, and that the value is unchanged."""

from __future__ import annotations

import pytest

from exmc.gradient.rules import linear
from tests.gradient.rules.laws import Case, RuleLaws

CASES = [
    Case(
        linear.scaled,
        lambda a: a("sum", a("mul", a.s, a.x), axes=(0,)),
        "sum(mul(s, x) axes=(0,))",
        "mul(s, sum(x axes=(0,)))",
    ),
    Case(
        linear.scaled,
        lambda a: a("project", a.m, a("neg", a.x)),
        "project(m, neg(x))",
        "neg(project(m, x))",
    ),
    Case(
        linear.scaled,
        lambda a: a("combine", a.m, a("mul", a.num(-2.0), a.pair)),
        "combine(m, mul(-2.0, pair))",
        "neg(combine(m, mul(2.0, pair)))",
    ),
    Case(
        linear.scaled,
        lambda a: a(
            "recur", a.s, a("mul", a("mul", a.num(2.0), a.t), a.x), reverse=False
        ),
        "recur(s, mul(mul(2.0, t), x) reverse=False)",
        "mul(mul(2.0, t), recur(s, x reverse=False))",
    ),
    Case(
        linear.scaled,
        lambda a: a.b.scatter(a("mul", a.s, a.x), a.many, (2,)),
        "scatter(mul(s, x), many : [2])",
        "mul(s, scatter(x, many : [2]))",
    ),
    Case(
        linear.of_zero,
        lambda a: a.b.scatter(a.b.view(a.num(0.0), (5,), 0, (0,)), a.many, (2,)),
        "scatter(view(0.0 offset=0 strides=(0,) : [5]), many : [2])",
        "view(0.0 offset=0 strides=(0,) : [2])",
    ),
    Case(
        linear.scatter_of_repeats,
        lambda a: a.b.scatter(a.b.view(a.s, (5,), 0, (0,)), a.many, (2,)),
        "scatter(view(s offset=0 strides=(0,) : [5]), many : [2])",
        "mul(s, data [2.0, 3.0])",
    ),
    Case(
        linear.symmetric,
        lambda a: a("project", a.b.data([[2.0, 1.0], [1.0, 3.0]]), a.pair),
        "project(data [[2.0, 1.0], [1.0, 3.0]], pair)",
        "combine(data [[2.0, 1.0], [1.0, 3.0]], pair)",
    ),
    Case(
        linear.matrix_product,
        lambda a: a("sum", a("mul", a.m, a.columns(a.pair)), axes=(0,)),
        "sum(mul(m, view(pair offset=0 strides=(1,0) : [2, 5])) axes=(0,))",
        "combine(m, pair)",
    ),
    Case(
        linear.matrix_product,
        lambda a: a("sum", a("mul", a.m, a.rows(a.x)), axes=(1,)),
        "sum(mul(m, view(x offset=0 strides=(0,1) : [2, 5])) axes=(1,))",
        "project(m, x)",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
class TestRules(RuleLaws):
    pass
