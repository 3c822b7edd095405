"""Exponentials, logarithms, and the forms of them that do not cancel or overflow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from exmc.gradient.rules.forms import coefficient, number_of, scale

if TYPE_CHECKING:
    from exmc.gradient.node import Node
    from exmc.gradient.plain_builder import PlainBuilder

INVERSE: Final = {"exp": "log", "log": "exp", "expm1": "log1p", "log1p": "expm1"}


def inverse(b: PlainBuilder, node: Node) -> Node | None:  # noqa: ARG001 - a rule
    """A function of its inverse is the argument; on its domain, if it has one.

    before: exp(log(x))    after: x
    before: log1p(expm1(x))    after: x
    """
    x = node.args[0]
    return x.args[0] if x.op == INVERSE[node.op] else None


def exp_of_negative(b: PlainBuilder, node: Node) -> Node | None:
    """An exponential of what is negated is a reciprocal, which may cancel.

    before: exp(neg(x))          after: recip(exp(x))
    before: exp(mul(-2.0, x))    after: recip(exp(mul(2.0, x)))

    The finish (spelling.py) turns back those in which nothing was gained.
    """
    number, x = coefficient(node.args[0])
    if number >= 0.0 or x.op in {"log", "softplus"}:
        return None
    return b.recip(b.make("exp", (scale(b, -number, x),)))


def exp_of_log(b: PlainBuilder, node: Node) -> Node | None:
    """An exponential of a multiple of a logarithm is a power.

    before: exp(mul(3.0, log(x)))    after: pow(x, 3.0)
    """
    number, x = coefficient(node.args[0])
    return b.power(x.args[0], number) if x.op == "log" else None


def sigmoid_of_exp(b: PlainBuilder, node: Node) -> Node | None:
    """The logistic function, from an exponential of softplus.

    before: exp(neg(softplus(x)))           after: sigmoid(neg(x))
    before: exp(add(x, neg(softplus(x))))   after: sigmoid(x)
    """
    x = node.args[0]
    if x.op == "neg" and x.args[0].op == "softplus":
        return b.make("sigmoid", (b.neg(x.args[0].args[0]),))
    if x.op != "add" or len(x.args) != 2:
        return None
    for first, second in (x.args, x.args[::-1]):
        if second.op == "neg" and second.args[0].op == "softplus":
            inner = second.args[0].args[0]
            if first is inner:
                return b.make("sigmoid", (inner,))
    return None


def sigmoid_of_recip(b: PlainBuilder, node: Node) -> Node | None:
    """The logistic function, as it is often written.

    before: recip(add(1.0, exp(x)))           after: sigmoid(neg(x))
    before: recip(add(1.0, recip(exp(x))))    after: sigmoid(x)
    """
    x = node.args[0]
    if x.op != "add" or len(x.args) != 2 or number_of(x.args[0]) != 1.0:
        return None
    odds = _log_of_odds(b, x.args[1])
    return b.make("sigmoid", (b.neg(odds),)) if odds else None


def _log_of_odds(b: PlainBuilder, x: Node) -> Node | None:
    """Return y if x is exp(y), which may be written as recip(exp(neg(y)))."""
    if x.op == "exp":
        return x.args[0]
    if x.op == "recip" and x.args[0].op == "exp":
        return b.neg(x.args[0].args[0])
    return None


def log_of_sum(b: PlainBuilder, node: Node) -> Node | None:
    """The logarithm of one and something else.

    before: log(add(1.0, x))          after: log1p(x)
    before: log(neg(expm1(x)))        after: log1mexp(x)
    """
    x = node.args[0]
    if x.op == "add" and number_of(x.args[0]) == 1.0 and len(x.args) == 2:
        return b.make("log1p", (x.args[1],))
    if x.op == "neg" and x.args[0].op == "expm1":
        return b.make("log1mexp", (x.args[0].args[0],))
    return None


def log1p_of_exp(b: PlainBuilder, node: Node) -> Node | None:
    """What log1p has names for.

    before: log1p(exp(x))             after: softplus(x)
    before: log1p(neg(exp(x)))        after: log1mexp(x)
    before: log1p(neg(sigmoid(x)))    after: neg(softplus(x))
    """
    c, x = coefficient(node.args[0])
    odds = _log_of_odds(b, x)
    if odds and c in {1.0, -1.0}:
        return b.make("softplus" if c == 1.0 else "log1mexp", (odds,))
    if c == -1.0 and x.op == "sigmoid":
        return b.neg(b.make("softplus", x.args))
    return None


def log_of_sigmoid(b: PlainBuilder, node: Node) -> Node | None:
    """The logarithm of a chance whose logit is known.

    before: log(sigmoid(x))    after: neg(softplus(neg(x)))
    """
    x = node.args[0]
    if x.op != "sigmoid":
        return None
    return b.neg(b.make("softplus", (b.neg(x.args[0]),)))


def log_of_power(b: PlainBuilder, node: Node) -> Node | None:
    """The logarithm of a power is a multiple.

    before: log(recip(x))       after: neg(log(x))
    before: log(sqrt(x))        after: mul(0.5, log(x))
    before: log(pow(x, 3.5))    after: mul(3.5, log(x))
    """
    x = node.args[0]
    match x.op:
        case "recip":
            return b.neg(b.make("log", x.args))
        case "sqrt":
            return scale(b, 0.5, b.make("log", x.args))
        case "pow":
            return b.mul(x.args[1], b.make("log", x.args[:1]))
        case _:
            return None


def log_of_product(b: PlainBuilder, node: Node) -> Node | None:
    """The logarithm of a positive number, or of an exponential, leaves a logarithm.

    before: log(mul(2.0, x))       after: add(log(2.0), log(x))
    before: log(mul(exp(x), y))    after: add(x, log(y))
    """
    x = node.args[0]
    if x.op != "mul":
        return None
    for at, first in enumerate(x.args):
        number = number_of(first)
        if first.op == "exp" or (number is not None and number > 0.0):
            rest = b.mul(*x.args[:at], *x.args[at + 1 :])
            return b.add(b.make("log", (first,)), b.make("log", (rest,)))
    return None


def root(b: PlainBuilder, node: Node) -> Node | None:
    """The square root goes inward.

    before: sqrt(exp(x))        after: exp(mul(0.5, x))
    before: sqrt(mul(x, x))     after: abs(x)
    before: sqrt(recip(x))      after: recip(sqrt(x))
    before: sqrt(mul(4.0, x))   after: mul(2.0, sqrt(x))
    """
    x = node.args[0]
    if x.op == "exp":
        return b.make("exp", (scale(b, 0.5, x.args[0]),))
    if x.op == "recip":
        return b.recip(b.make("sqrt", x.args))
    if x.op == "mul" and len(x.args) == 2:
        first, second = x.args
        number = number_of(first)
        if first is second:
            return b.make("abs", (first,))
        if number is not None and number > 0.0:
            return b.mul(b.make("sqrt", (first,)), b.make("sqrt", (second,)))
    return None
