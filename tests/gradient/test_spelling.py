from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from exmc.gradient.node import Node
from exmc.gradient.spelling import spelled
from tests.gradient.rules.laws import Atoms, atoms, shown
from tests.plain.program_evaluator import evaluate


def differences(a: Atoms) -> Node:
    return a("add", a.x, a("neg", a.y))


CASES = [
    (lambda a: a("neg", differences(a)), "add(y, neg(x))"),
    (lambda a: a("neg", a("add", a.x, a.y)), "neg(add(x, y))"),
    (
        lambda a: a("neg", a("add", a.x, a("mul", a.num(-2.0), a.y), a.num(1.0))),
        "add(mul(2.0, y), -1.0, neg(x))",
    ),
    (lambda a: a("neg", a("mul", a.s, a.x)), "mul(neg(s), x)"),
    (
        lambda a: a("neg", a("project", a.m, differences(a))),
        "project(m, add(y, neg(x)))",
    ),
    (
        lambda a: a(
            "neg", a("add", a.x, a("sum", a("mul", a.num(3.0), a.m), axes=(0,)))
        ),
        "add(sum(mul(-3.0, m) axes=(0,)), neg(x))",
    ),
    (
        lambda a: a("exp", a("add", a.d, a("neg", differences(a)))),
        "exp(add(d, neg(add(x, neg(y)))))",
    ),
    (lambda a: a("recip", a("exp", a.x)), "exp(neg(x))"),
    (lambda a: a("recip", a("exp", a("mul", a.num(0.5), a.x))), "exp(mul(-0.5, x))"),
    (lambda a: a("recip", a("exp", a("mul", a.num(-1.0), a.x))), "exp(x)"),
    (
        lambda a: a("mul", a("recip", a.s), a("recip", a.t), a("exp", a.s)),
        "mul(exp(s), recip(mul(s, t)))",
    ),
]


@pytest.mark.parametrize(("build", "text"), CASES, ids=[text for _, text in CASES])
def test_signs_and_reciprocals_go_where_they_cost_least(build: Any, text: str) -> None:
    a = atoms()
    node = build(a)
    b, (found,) = spelled(a.b, [node])
    assert shown(found, a.names()) == text
    right, value = (
        evaluate(
            *b.program(b.const(0.0), b.view(x, (x.size,), 0, (1,))),
            np.linspace(0.5, 2.0, 14),
        )[1]
        for x in (node, found)
    )
    np.testing.assert_allclose(value, right, rtol=1e-13)


def test_what_others_read_too_is_left_as_it_is() -> None:
    a = atoms()
    difference, curve = differences(a), a("exp", a.s)
    outputs = (a("neg", difference), difference, a("recip", curve), curve)
    _, found = spelled(a.b, outputs)
    assert found == outputs
