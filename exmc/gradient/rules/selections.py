"""Absolute values, signs, larger and smaller ones, and choices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exmc.gradient.rules.forms import number_of

if TYPE_CHECKING:
    from exmc.gradient.node import Node
    from exmc.gradient.plain_builder import PlainBuilder


def absolute(b: PlainBuilder, node: Node) -> Node | None:
    """What is never negative is its own size.

    before: abs(neg(x))       after: abs(x)
    before: abs(exp(x))       after: exp(x)
    before: abs(mul(x, x))    after: mul(x, x)
    """
    x = node.args[0]
    if x.op == "neg":
        return b.make("abs", x.args)
    square = x.op == "mul" and len(x.args) == 2 and x.args[0] is x.args[1]
    return x if square or x.op in {"exp", "abs", "sqrt", "sigmoid"} else None


def sign(b: PlainBuilder, node: Node) -> Node | None:
    """A sign goes out of a sign.

    before: sign(neg(x))    after: neg(sign(x))
    """
    x = node.args[0]
    return b.neg(b.make("sign", x.args)) if x.op == "neg" else None


def same(b: PlainBuilder, node: Node) -> Node | None:
    """The larger, or smaller, of two equal values is either.

    before: max(x, x)    after: x
    """
    x, y = node.args
    return b.broadcast(x, node.shape) if x is y else None


def choice(b: PlainBuilder, node: Node) -> Node | None:
    """A choice that is known, or between equal values, is made.

    before: where(1.0, x, y)    after: x
    before: where(c, x, x)      after: x
    """
    c, x, y = node.args
    known = number_of(c)
    if known is not None:
        return b.broadcast(x if known else y, node.shape)
    return b.broadcast(x, node.shape) if x is y else None
