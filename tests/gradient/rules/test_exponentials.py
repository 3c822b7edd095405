# ruff: noqa: E501 - a formula is read in one line
"""Each rule about exponentials and logarithms: what it does, and that the value is unchanged."""

from __future__ import annotations

import pytest

from exmc.gradient.rules import exponentials
from tests.gradient.rules.laws import POSITIVE, Case, RuleLaws

CASES = [
    Case(
        exponentials.inverse,
        lambda a: a("exp", a("log", a.x)),
        "exp(log(x))",
        "x",
        POSITIVE,
    ),
    Case(
        exponentials.inverse,
        lambda a: a("log1p", a("expm1", a.x)),
        "log1p(expm1(x))",
        "x",
    ),
    Case(
        exponentials.exp_of_negative,
        lambda a: a("exp", a("neg", a.x)),
        "exp(neg(x))",
        "recip(exp(x))",
    ),
    Case(
        exponentials.exp_of_negative,
        lambda a: a("exp", a("mul", a.num(-2.0), a.x)),
        "exp(mul(-2.0, x))",
        "recip(exp(mul(2.0, x)))",
    ),
    Case(
        exponentials.exp_of_log,
        lambda a: a("exp", a("mul", a.num(3.0), a("log", a.x))),
        "exp(mul(3.0, log(x)))",
        "pow(x, 3.0)",
        POSITIVE,
    ),
    Case(
        exponentials.sigmoid_of_exp,
        lambda a: a("exp", a("neg", a("softplus", a.x))),
        "exp(neg(softplus(x)))",
        "sigmoid(neg(x))",
    ),
    Case(
        exponentials.sigmoid_of_exp,
        lambda a: a("exp", a("add", a.x, a("neg", a("softplus", a.x)))),
        "exp(add(x, neg(softplus(x))))",
        "sigmoid(x)",
    ),
    Case(
        exponentials.sigmoid_of_recip,
        lambda a: a("recip", a("add", a.num(1.0), a("exp", a.x))),
        "recip(add(1.0, exp(x)))",
        "sigmoid(neg(x))",
    ),
    Case(
        exponentials.sigmoid_of_recip,
        lambda a: a("recip", a("add", a.num(1.0), a("recip", a("exp", a.x)))),
        "recip(add(1.0, recip(exp(x))))",
        "sigmoid(x)",
    ),
    Case(
        exponentials.log_of_sum,
        lambda a: a("log", a("add", a.num(1.0), a.x)),
        "log(add(1.0, x))",
        "log1p(x)",
        POSITIVE,
    ),
    Case(
        exponentials.log_of_sum,
        lambda a: a("log", a("neg", a("expm1", a("neg", a.x)))),
        "log(neg(expm1(neg(x))))",
        "log1mexp(neg(x))",
        POSITIVE,
    ),
    Case(
        exponentials.log1p_of_exp,
        lambda a: a("log1p", a("exp", a.x)),
        "log1p(exp(x))",
        "softplus(x)",
    ),
    Case(
        exponentials.log1p_of_exp,
        lambda a: a("log1p", a("recip", a("exp", a.x))),
        "log1p(recip(exp(x)))",
        "softplus(neg(x))",
    ),
    Case(
        exponentials.log1p_of_exp,
        lambda a: a("log1p", a("neg", a("exp", a("neg", a.x)))),
        "log1p(neg(exp(neg(x))))",
        "log1mexp(neg(x))",
        POSITIVE,
    ),
    Case(
        exponentials.log1p_of_exp,
        lambda a: a("log1p", a("neg", a("sigmoid", a.x))),
        "log1p(neg(sigmoid(x)))",
        "neg(softplus(x))",
    ),
    Case(
        exponentials.log_of_sigmoid,
        lambda a: a("log", a("sigmoid", a.x)),
        "log(sigmoid(x))",
        "neg(softplus(neg(x)))",
    ),
    Case(
        exponentials.log_of_power,
        lambda a: a("log", a("recip", a.x)),
        "log(recip(x))",
        "neg(log(x))",
        POSITIVE,
    ),
    Case(
        exponentials.log_of_power,
        lambda a: a("log", a("sqrt", a.x)),
        "log(sqrt(x))",
        "mul(0.5, log(x))",
        POSITIVE,
    ),
    Case(
        exponentials.log_of_power,
        lambda a: a("log", a("pow", a.x, a.num(3.5))),
        "log(pow(x, 3.5))",
        "mul(3.5, log(x))",
        POSITIVE,
    ),
    Case(
        exponentials.log_of_product,
        lambda a: a("log", a("mul", a.num(2.0), a.x)),
        "log(mul(2.0, x))",
        "add(log(2.0), log(x))",
        POSITIVE,
    ),
    Case(
        exponentials.log_of_product,
        lambda a: a("log", a("mul", a.y, a("exp", a.x))),
        "log(mul(y, exp(x)))",
        "add(log(exp(x)), log(y))",
        POSITIVE,
    ),
    Case(
        exponentials.root,
        lambda a: a("sqrt", a("exp", a.x)),
        "sqrt(exp(x))",
        "exp(mul(0.5, x))",
    ),
    Case(
        exponentials.root,
        lambda a: a("sqrt", a("mul", a.x, a.x)),
        "sqrt(mul(x, x))",
        "abs(x)",
    ),
    Case(
        exponentials.root,
        lambda a: a("sqrt", a("recip", a.x)),
        "sqrt(recip(x))",
        "recip(sqrt(x))",
        POSITIVE,
    ),
    Case(
        exponentials.root,
        lambda a: a("sqrt", a("mul", a.num(4.0), a.x)),
        "sqrt(mul(4.0, x))",
        "mul(sqrt(4.0), sqrt(x))",
        POSITIVE,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
class TestRules(RuleLaws):
    pass
