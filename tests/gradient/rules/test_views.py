# ruff: noqa: E501 - a formula is read in one line
"""Each rule about views: what it does, and that the value is unchanged."""

from __future__ import annotations

import pytest

from exmc.gradient.rules import views
from tests.gradient.rules.laws import Case, RuleLaws

CASES = [
    Case(
        views.whole,
        lambda a: a.b.view(a.x, (5,), 0, (1,)),
        "view(x offset=0 strides=(1,) : [5])",
        "x",
    ),
    Case(
        views.whole,
        lambda a: a.b.view(a.x, (1, 5), 0, (7, 1)),
        "view(x offset=0 strides=(7,1) : [1, 5])",
        "view(x offset=0 strides=(0,1) : [1, 5])",
    ),
    Case(
        views.view_of_view,
        lambda a: a.b.view(a.rows(a.x), (5, 2), 0, (1, 5)),
        "view(view(x offset=0 strides=(0,1) : [2, 5]) offset=0 strides=(1,5) : [5, 2])",
        "view(x offset=0 strides=(1,0) : [5, 2])",
    ),
    Case(
        views.view_of_view,
        lambda a: a.b.view(a.b.view(a.x, (4,), 4, (-1,)), (2,), 1, (2,)),
        "view(view(x offset=4 strides=(-1,) : [4]) offset=1 strides=(2,) : [2])",
        "view(x offset=3 strides=(-2,) : [2])",
    ),
    Case(
        views.view_of_view,
        lambda a: a.b.view(a.b.view(a.b.input(), (2, 5), 3, (0, 0)), (10,), 0, (1,)),
        "view(view(input() offset=3 strides=(0,0) : [2, 5]) offset=0 strides=(1,) : [10])",
        "view(input() offset=3 strides=(0,) : [10])",
    ),
    Case(
        views.view_of_pointwise,
        lambda a: a.b.view(a("exp", a.x), (), 2, ()),
        "view(exp(x) offset=2 strides=() : [])",
        "exp(view(x offset=2 strides=() : []))",
    ),
    Case(
        views.view_of_pointwise,
        lambda a: a.b.view(a("neg", a.x), (3, 5), 0, (0, 1)),
        "view(neg(x) offset=0 strides=(0,1) : [3, 5])",
        "neg(view(x offset=0 strides=(0,1) : [3, 5]))",
    ),
    Case(
        views.view_of_pointwise,
        lambda a: a.b.view(a("mul", a.s, a.x), (2,), 3, (1,)),
        "view(mul(s, x) offset=3 strides=(1,) : [2])",
        "mul(s, view(x offset=3 strides=(1,) : [2]))",
        shared=True,
    ),
    Case(
        views.view_of_pointwise,
        lambda a: a.b.view(a("add", a.x, a.y), (2, 2), 3, (1, 0)),
        "view(add(x, y) offset=3 strides=(1,0) : [2, 2])",
        "view(add(view(x offset=3 strides=(1,) : [2]), view(y offset=3 strides=(1,) : [2])) offset=0 strides=(1,0) : [2, 2])",
    ),
    Case(
        views.view_of_gather,
        lambda a: a.b.view(a("gather", a.pair, a.many), (3,), 1, (1,)),
        "view(gather(pair, many) offset=1 strides=(1,) : [3])",
        "gather(pair, index [1, 1, 0])",
    ),
    Case(
        views.view_of_assemble,
        lambda a: a.b.view(
            a.b.assemble([a.pair, a.y], [(0, (1,)), (3, (1,))], (9,)), (3,), 4, (1,)
        ),
        "view(assemble(pair, y places=((0,(1,)),(3,(1,))) : [9]) offset=4 strides=(1,) : [3])",
        "view(y offset=1 strides=(1,) : [3])",
    ),
    Case(
        views.view_of_assemble,
        lambda a: a.b.view(
            a.b.assemble([a.pair, a.y], [(0, (1,)), (3, (1,))], (9,)), (), 2, ()
        ),
        "view(assemble(pair, y places=((0,(1,)),(3,(1,))) : [9]) offset=2 strides=() : [])",
        "0.0",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
class TestRules(RuleLaws):
    pass
