# ruff: noqa: E501 - a formula is read in one line
"""Each rule about what is repeated: what it does, and that the value is unchanged."""

from __future__ import annotations

import pytest

from exmc.gradient.rules import repeats
from tests.gradient.rules.laws import POSITIVE, Case, RuleLaws

CASES = [
    Case(
        repeats.pointwise_of_repeats,
        lambda a: a("exp", a.rows(a.x)),
        "exp(view(x offset=0 strides=(0,1) : [2, 5]))",
        "view(exp(x) offset=0 strides=(0,1) : [2, 5])",
    ),
    Case(
        repeats.pointwise_of_repeats,
        lambda a: a("mul", a.rows(a.x), a("neg", a.rows(a.y)), a.s),
        "mul(view(x offset=0 strides=(0,1) : [2, 5]), neg(view(y offset=0 strides=(0,1) : [2, 5])), s)",
        "view(mul(x, neg(y), s) offset=0 strides=(0,1) : [2, 5])",
    ),
    Case(
        repeats.pointwise_of_repeats,
        lambda a: a("exp", a.b.reshape(a.x, (5, 1))),
        "exp(view(x offset=0 strides=(1,1) : [5, 1]))",
        "view(exp(x) offset=0 strides=(1,0) : [5, 1])",
    ),
    Case(
        repeats.scalars_of_repeats,
        lambda a: a("lt", a.b.view(a.s, (5,), 0, (0,)), a.x),
        "lt(view(s offset=0 strides=(0,) : [5]), x)",
        "lt(s, x)",
    ),
    Case(
        repeats.pointwise_of_gathers,
        lambda a: a("exp", a("gather", a.pair, a.many)),
        "exp(gather(pair, many))",
        "gather(exp(pair), many)",
    ),
    Case(
        repeats.pointwise_of_gathers,
        lambda a: a("pow", a("gather", a.pair, a.many), a.s),
        "pow(gather(pair, many), s)",
        "gather(pow(pair, s), many)",
        POSITIVE,
    ),
    Case(
        repeats.alike,
        lambda a: a(
            "add",
            a("gather", a.pair, a.many),
            a("neg", a("gather", a("exp", a.pair), a.many)),
            a.x,
        ),
        "add(gather(pair, many), neg(gather(exp(pair), many)), x)",
        "add(gather(add(pair, neg(exp(pair))), many), x)",
    ),
    Case(
        repeats.alike,
        lambda a: a("mul", a.rows(a.x), a.rows(a.y), a.m),
        "mul(view(x offset=0 strides=(0,1) : [2, 5]), view(y offset=0 strides=(0,1) : [2, 5]), m)",
        "mul(view(mul(x, y) offset=0 strides=(0,1) : [2, 5]), m)",
    ),
    Case(
        repeats.alike,
        lambda a: a("add", a.rows(a.x), a("neg", a.rows(a.y)), a.columns(a.pair)),
        "add(view(x offset=0 strides=(0,1) : [2, 5]), neg(view(y offset=0 strides=(0,1) : [2, 5])), view(pair offset=0 strides=(1,0) : [2, 5]))",
        "add(view(add(x, neg(y)) offset=0 strides=(0,1) : [2, 5]), view(pair offset=0 strides=(1,0) : [2, 5]))",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
class TestRules(RuleLaws):
    pass
