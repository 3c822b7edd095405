# ruff: noqa: E501 - a formula is read in one line
"""Each rule about parts: what it does, and that the value is unchanged."""

from __future__ import annotations

import pytest

from exmc.gradient.rules import assembling
from tests.gradient.rules.laws import Case, RuleLaws

CASES = [
    Case(
        assembling.without_zeros,
        lambda a: a.b.assemble(
            [a.x, a.b.view(a.num(0.0), (2,), 0, (0,))], [(0, (1,)), (5, (1,))], (7,)
        ),
        "assemble(x, view(0.0 offset=0 strides=(0,) : [2]) places=((0,(1,)),(5,(1,))) : [7])",
        "assemble(x places=((0,(1,)),) : [7])",
    ),
    Case(
        assembling.without_zeros,
        lambda a: a.b.assemble([a.x], [(0, (1,))], (5,)),
        "assemble(x places=((0,(1,)),) : [5])",
        "x",
    ),
    Case(
        assembling.without_ones,
        lambda a: a.b.assemble(
            [a.b.reshape(a.s, (1,)), a.x], [(0, (3,)), (1, (1,))], (6,)
        ),
        "assemble(view(s offset=0 strides=(1,) : [1]), x places=((0,(3,)),(1,(1,))) : [6])",
        "assemble(s, x places=((0,()),(1,(1,))) : [6])",
    ),
    Case(
        assembling.nested,
        lambda a: a.b.assemble(
            [a.s, a.b.assemble([a.pair, a.x], [(0, (1,)), (2, (1,))], (7,))],
            [(0, ()), (1, (1,))],
            (8,),
        ),
        "assemble(s, assemble(pair, x places=((0,(1,)),(2,(1,))) : [7]) places=((0,()),(1,(1,))) : [8])",
        "assemble(s, pair, x places=((0,()),(1,(1,)),(3,(1,))) : [8])",
    ),
    Case(
        assembling.sum_of_assembled,
        lambda a: a(
            "add",
            a.b.assemble([a.x], [(0, (1,))], (6,)),
            a.b.assemble([a.pair], [(3, (1,))], (6,)),
        ),
        "add(assemble(x places=((0,(1,)),) : [6]), assemble(pair places=((3,(1,)),) : [6]))",
        "assemble(view(x offset=0 strides=(1,) : [3]), add(view(x offset=3 strides=(1,) : [2]), pair) places=((0,(1,)),(3,(1,))) : [6])",
    ),
    Case(
        assembling.sum_of_assembled,
        lambda a: a(
            "add",
            a.b.assemble([a.pair], [(0, (2,))], (4,)),
            a.b.assemble([a.s], [(3, ())], (4,)),
        ),
        "add(assemble(pair places=((0,(2,)),) : [4]), assemble(s places=((3,()),) : [4]))",
        "assemble(pair, s places=((0,(2,)),(3,())) : [4])",
    ),
    Case(
        assembling.sum_of_assembled,
        lambda a: a(
            "add", a.x, a.b.assemble([a.s, a.pair], [(0, ()), (3, (1,))], (5,)), a.t
        ),
        "add(x, assemble(s, pair places=((0,()),(3,(1,))) : [5]), t)",
        "add(assemble(add(s, view(x offset=0 strides=() : [])), view(x offset=1 strides=(1,) : [2]), add(pair, view(x offset=3 strides=(1,) : [2])) places=((0,()),(1,(1,)),(3,(1,))) : [5]), t)",
    ),
    Case(
        assembling.product_of_parts,
        lambda a: a("mul", a.x, a.b.assemble([a.pair], [(1, (1,))], (5,)), a.s),
        "mul(x, assemble(pair places=((1,(1,)),) : [5]), s)",
        "assemble(mul(pair, view(x offset=1 strides=(1,) : [2]), s) places=((1,(1,)),) : [5])",
    ),
    Case(
        assembling.reduced_parts,
        lambda a: a(
            "sum", a.b.assemble([a.x, a.y], [(0, (2,)), (1, (2,))], (5, 2)), axes=(0,)
        ),
        "sum(assemble(x, y places=((0,(2,)),(1,(2,))) : [5, 2]) axes=(0,))",
        "add(assemble(sum(x axes=(0,)) places=((0,()),) : [2]), assemble(sum(y axes=(0,)) places=((1,()),) : [2]))",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
class TestRules(RuleLaws):
    pass
