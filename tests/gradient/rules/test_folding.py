"""Each rule about what is known: what it does, and that the value is unchanged."""

from __future__ import annotations

import pytest

from exmc.gradient.rules import folding
from tests.gradient.rules.laws import Case, RuleLaws

CASES = [
    Case(
        folding.uniform_data,
        lambda a: a.b.data([2.0, 2.0, 2.0]),
        "data [2.0, 2.0, 2.0]",
        "view(2.0 offset=0 strides=(0,) : [3])",
    ),
    Case(folding.constants, lambda a: a("exp", a.num(0.0)), "exp(0.0)", "1.0"),
    Case(
        folding.constants,
        lambda a: a("add", a.num(1.0), a.num(2.5), a.num(-1.0)),
        "add(1.0, 2.5, -1.0)",
        "2.5",
    ),
    Case(
        folding.constants,
        lambda a: a("where", a.num(1.0), a.num(2.0), a.num(3.0)),
        "where(1.0, 2.0, 3.0)",
        "2.0",
    ),
    Case(
        folding.data,
        lambda a: a("recip", a.d),
        "recip(d)",
        "data [2.0, 0.5, -1.0, 0.25, 4.0]",
    ),
    Case(
        folding.data,
        lambda a: a("mul", a.num(2.0), a.d, a.d),
        "mul(2.0, d, d)",
        "data [0.5, 8.0, 2.0, 32.0, 0.125]",
    ),
    Case(
        folding.data_view,
        lambda a: a.b.view(a.d, (2,), 4, (-2,)),
        "view(d offset=4 strides=(-2,) : [2])",
        "data [0.25, -1.0]",
    ),
    Case(
        folding.data_gather,
        lambda a: a("gather", a.d, a.many),
        "gather(d, many)",
        "data [0.5, 2.0, 2.0, 0.5, 2.0]",
    ),
    Case(
        folding.data_scatter,
        lambda a: a.b.scatter(a.d, a.many, (2,)),
        "scatter(d, many : [2])",
        "data [4.5, 1.25]",
    ),
    Case(
        folding.data_sum,
        lambda a: a("sum", a.m, axes=(0,)),
        "sum(m axes=(0,))",
        "data [5.0, 7.0, 9.0, 11.0, 13.0]",
    ),
    Case(
        folding.data_sum,
        lambda a: a("sum", a.m, axes=(0, 1)),
        "sum(m axes=(0,1))",
        "45.0",
    ),
    Case(
        folding.data_amax,
        lambda a: a("amax", a.m, axes=(1,)),
        "amax(m axes=(1,))",
        "data [4.0, 9.0]",
    ),
    Case(
        folding.data_product,
        lambda a: a("combine", a.m, a.b.data([1.0, 2.0])),
        "combine(m, data [1.0, 2.0])",
        "data [10.0, 13.0, 16.0, 19.0, 22.0]",
    ),
    Case(
        folding.data_product,
        lambda a: a("project", a.m, a.d),
        "project(m, d)",
        "data [13.0, 41.75]",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
class TestRules(RuleLaws):
    pass
