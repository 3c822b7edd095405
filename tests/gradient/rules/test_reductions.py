# ruff: noqa: E501 - a formula is read in one line
"""Each rule about sums over axes: what it does, and that the value is unchanged."""

from __future__ import annotations

import pytest

from exmc.gradient.rules import reductions
from tests.gradient.rules.laws import Case, RuleLaws

CASES = [
    Case(
        reductions.over_single,
        lambda a: a("sum", a.b.reshape(a.x, (5, 1)), axes=(1,)),
        "sum(view(x offset=0 strides=(1,1) : [5, 1]) axes=(1,))",
        "x",
    ),
    Case(
        reductions.over_single,
        lambda a: a("sum", a.b.reshape(a.x, (5, 1)), axes=(0,)),
        "sum(view(x offset=0 strides=(1,1) : [5, 1]) axes=(0,))",
        "view(sum(x axes=(0,)) offset=0 strides=(0,) : [1])",
    ),
    Case(
        reductions.over_repeats,
        lambda a: a("sum", a.rows(a.x), axes=(0,)),
        "sum(view(x offset=0 strides=(0,1) : [2, 5]) axes=(0,))",
        "mul(2.0, x)",
    ),
    Case(
        reductions.over_repeats,
        lambda a: a("sum", a.rows(a.x), axes=(0, 1)),
        "sum(view(x offset=0 strides=(0,1) : [2, 5]) axes=(0,1))",
        "mul(2.0, sum(x axes=(0,)))",
    ),
    Case(
        reductions.over_repeats,
        lambda a: a("amax", a.rows(a.x), axes=(0,)),
        "amax(view(x offset=0 strides=(0,1) : [2, 5]) axes=(0,))",
        "x",
    ),
    Case(
        reductions.of_permutation,
        lambda a: a(
            "sum", a.b.view(a("mul", a.m, a.rows(a.x)), (5, 2), 0, (1, 5)), axes=(0, 1)
        ),
        "sum(view(mul(m, view(x offset=0 strides=(0,1) : [2, 5])) offset=0 strides=(1,5) : [5, 2]) axes=(0,1))",
        "sum(mul(m, view(x offset=0 strides=(0,1) : [2, 5])) axes=(0,1))",
    ),
    Case(
        reductions.sum_of_sum,
        lambda a: a("sum", a("sum", a("mul", a.m, a.rows(a.x)), axes=(0,)), axes=(0,)),
        "sum(sum(mul(m, view(x offset=0 strides=(0,1) : [2, 5])) axes=(0,)) axes=(0,))",
        "sum(mul(m, view(x offset=0 strides=(0,1) : [2, 5])) axes=(0,1))",
    ),
    Case(
        reductions.sum_of_terms,
        lambda a: a("sum", a("add", a.s, a.x), axes=(0,)),
        "sum(add(s, x) axes=(0,))",
        "add(sum(view(input() offset=10 strides=(0,) : [5]) axes=(0,)), sum(x axes=(0,)))",
    ),
    Case(
        reductions.sum_of_terms,
        lambda a: a("sum", a("add", a.m, a.rows(a.x)), axes=(0,)),
        "sum(add(m, view(x offset=0 strides=(0,1) : [2, 5])) axes=(0,))",
        "add(sum(m axes=(0,)), sum(view(x offset=0 strides=(0,1) : [2, 5]) axes=(0,)))",
    ),
    Case(
        reductions.sum_of_terms,
        lambda a: a("sum", a("add", a.x, a("mul", a.y, a.y)), axes=(0,)),
        "sum(add(x, mul(y, y)) axes=(0,))",
        "add(sum(x axes=(0,)), sum(mul(y, y) axes=(0,)))",
    ),
    Case(
        reductions.sum_of_gather,
        lambda a: a("sum", a("gather", a.pair, a.many), axes=(0,)),
        "sum(gather(pair, many) axes=(0,))",
        "sum(mul(data [2.0, 3.0], pair) axes=(0,))",
    ),
    Case(
        reductions.sum_of_parts,
        lambda a: a(
            "sum", a.b.assemble([a.x, a.s], [(3, (1,)), (1, ())], (9,)), axes=(0,)
        ),
        "sum(assemble(x, s places=((3,(1,)),(1,())) : [9]) axes=(0,))",
        "add(sum(x axes=(0,)), s)",
    ),
    Case(
        reductions.sum_of_parts,
        lambda a: a("sum", a.b.scatter(a.x, a.many, (2,)), axes=(0,)),
        "sum(scatter(x, many : [2]) axes=(0,))",
        "sum(x axes=(0,))",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
class TestRules(RuleLaws):
    pass
