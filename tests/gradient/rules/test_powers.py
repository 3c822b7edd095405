"""Each rule about powers: what it does, and that the value is unchanged."""

from __future__ import annotations

import pytest

from exmc.gradient.rules import powers
from tests.gradient.rules.laws import POSITIVE, Case, RuleLaws

CASES = [
    Case(
        powers.whole_power,
        lambda a: a("pow", a.x, a.num(2.0)),
        "pow(x, 2.0)",
        "mul(x, x)",
    ),
    Case(
        powers.whole_power,
        lambda a: a("pow", a.x, a.num(-1.0)),
        "pow(x, -1.0)",
        "recip(x)",
        POSITIVE,
    ),
    Case(
        powers.whole_power,
        lambda a: a("pow", a.x, a.num(0.0)),
        "pow(x, 0.0)",
        "view(1.0 offset=0 strides=(0,) : [5])",
    ),
    Case(
        powers.whole_power,
        lambda a: a("pow", a.x, a.num(6.0)),
        "pow(x, 6.0)",
        "mul(mul(x, x), mul(x, x), mul(x, x))",
    ),
    Case(
        powers.whole_power,
        lambda a: a("pow", a.x, a.num(-7.0)),
        "pow(x, -7.0)",
        "recip(mul(mul(mul(x, x), mul(x, x), mul(x, x)), x))",
        POSITIVE,
    ),
    Case(
        powers.half_power,
        lambda a: a("pow", a.x, a.num(0.5)),
        "pow(x, 0.5)",
        "sqrt(x)",
        POSITIVE,
    ),
    Case(
        powers.half_power,
        lambda a: a("pow", a.x, a.num(-1.5)),
        "pow(x, -1.5)",
        "recip(mul(x, sqrt(x)))",
        POSITIVE,
    ),
    Case(
        powers.power_of_exp,
        lambda a: a("pow", a("exp", a.x), a.y),
        "pow(exp(x), y)",
        "exp(mul(x, y))",
    ),
    Case(
        powers.power_of_exp,
        lambda a: a("pow", a.num(2.0), a.y),
        "pow(2.0, y)",
        "exp(mul(log(2.0), y))",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
class TestRules(RuleLaws):
    pass
