"""Absolute values, signs, larger and smaller ones, and choices."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from exmc.gradient.program import UNARY
from exmc.gradient.rules.forms import number_of, without

if TYPE_CHECKING:
    from exmc.gradient.node import Node
    from exmc.gradient.plain_builder import PlainBuilder


FINITE: Final = frozenset(
    ("add", "mul", "neg", "view", "gather", "scatter", "assemble", "sum", "abs")
) | frozenset(("combine", "project", "max", "min"))
"""Operations that make finite values of finite ones, unless they overflow."""


def absolute(b: PlainBuilder, node: Node) -> Node | None:
    """What is never negative is its own size.

    before: abs(neg(x))               after: abs(x)
    before: abs(mul(2.0, exp(x)))     after: mul(2.0, exp(x))
    """
    x = node.args[0]
    if x.op == "neg":
        return b.make("abs", x.args)
    return x if is_positive(x) else None


def is_positive(x: Node) -> bool:
    """Tell whether a node cannot be negative, as far as that is easily seen."""
    number = number_of(x)
    if number is not None:
        return number >= 0.0
    if x.op == "data":
        return bool(np.all(np.asarray(x.value) >= 0.0))
    if x.op == "mul" and len(x.args) == 2 and x.args[0] is x.args[1]:
        return True
    if x.op in {"add", "mul", "recip"}:
        return all(is_positive(arg) for arg in x.args)
    return x.op in {"exp", "abs", "sqrt", "sigmoid", "softplus"}


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


def sign_of_choice(b: PlainBuilder, node: Node) -> Node | None:
    """A sign goes out of a choice.

    before: where(c, neg(x), neg(y))    after: neg(where(c, x, y))
    before: where(c, neg(x), 0.0)       after: neg(where(c, x, 0.0))
    """
    c, *sides = node.args
    signs = [side.op == "neg" or number_of(side) == 0.0 for side in sides]
    if not all(signs) or all(side.op != "neg" for side in sides):
        return None
    inner = (side.args[0] if side.op == "neg" else side for side in sides)
    return b.neg(b.make("where", (c, *inner)))


def choice_of_data(b: PlainBuilder, node: Node) -> Node | None:
    """A choice by data between zero and what is finite is a product with data.

    before: where(data [1.0 0.0], 0.0, x)    after: mul(data [0.0 1.0], x)
    """
    c, x, y = node.args
    zero = [number_of(side) == 0.0 for side in (x, y)]
    if c.op != "data" or not any(zero) or not is_finite(y if zero[0] else x):
        return None
    chosen = np.asarray(c.value) != 0.0
    mask = b.data(~chosen if zero[0] else chosen)
    return b.mul(mask, y if zero[0] else x)


def is_finite(x: Node) -> bool:
    """Tell whether a node is finite wherever the input is, overflow apart."""
    if x.op == "data":
        return bool(np.all(np.isfinite(np.asarray(x.value))))
    number = number_of(x)
    if number is not None:
        return math.isfinite(number)
    return x.op in {"input", "index"} or (
        x.op in FINITE and all(is_finite(a) for a in x.args)
    )


def product_of_choice(b: PlainBuilder, node: Node) -> Node | None:
    """A factor goes into a choice between something and zero.

    before: mul(x, where(c, y, 0.0))    after: where(c, mul(x, y), 0.0)

    The side that is not taken stays zero, whatever the factor.
    """
    for choice in node.args:
        if choice.op != "where" or not b.single(choice):
            continue
        c, *sides = choice.args
        rest = without(node.args, choice)
        if not any(number_of(side) == 0.0 for side in sides):
            continue
        if node.shape and not all(arg.shape for arg in rest):
            continue
        moved = (x if number_of(x) == 0.0 else b.mul(x, *rest) for x in sides)
        return b.make("where", (c, *moved))
    return None


def by_sign(b: PlainBuilder, node: Node) -> Node | None:
    """In a choice by the sign of x, the size of x is -x or x.

    before: where(lt(x, 0.0), sigmoid(neg(abs(x))), sigmoid(abs(x)))
    after:  sigmoid(x)
    """
    c, negative, positive = node.args
    if c.op != "lt" or number_of(c.args[1]) != 0.0:
        return None
    x = c.args[0]
    size = b.make("abs", (x,))
    sides = _put(b, negative, size, b.neg(x)), _put(b, positive, size, x)
    if sides == (negative, positive):
        return None
    return b.make("where", (c, *sides))


def _put(b: PlainBuilder, side: Node, size: Node, x: Node) -> Node:
    """Put x for its size at the end of a chain of functions of one argument."""
    if side is size:
        return x
    if side.op not in UNARY:
        return side
    return b.make(side.op, (_put(b, side.args[0], size, x),))
