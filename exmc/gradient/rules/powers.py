"""Powers with exponents that are known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exmc.gradient.rules.forms import full, number_of

if TYPE_CHECKING:
    from exmc.gradient.node import Node
    from exmc.gradient.plain_builder import PlainBuilder

LARGEST = 8
"""Whole exponent up to which products are cheaper than a power."""


def whole_power(b: PlainBuilder, node: Node) -> Node | None:
    """A small whole power is a product.

    before: pow(x, 2.0)     after: mul(x, x)
    before: pow(x, -1.0)    after: recip(x)
    before: pow(x, 0.0)     after: 1.0
    before: pow(x, 6.0)     after: mul(y, y, y) with y = mul(x, x)
    """
    x, exponent = node.args[0], number_of(node.args[1])
    if exponent is None or exponent != int(exponent) or abs(exponent) > LARGEST:
        return None
    if exponent == 0.0:
        return full(b, 1.0, node.shape)
    if exponent < 0.0:
        return b.recip(b.power(x, -exponent))
    if exponent < 4.0:
        return b.mul(*[x] * int(exponent))
    squares = b.mul(*[b.mul(x, x)] * (int(exponent) // 2))
    return b.mul(squares, x) if exponent % 2 else squares


def half_power(b: PlainBuilder, node: Node) -> Node | None:
    """A power of one half is a square root.

    before: pow(x, 0.5)     after: sqrt(x)
    before: pow(x, -0.5)    after: recip(sqrt(x))
    before: pow(x, 1.5)     after: mul(x, sqrt(x))
    """
    x, exponent = node.args[0], number_of(node.args[1])
    if exponent not in {0.5, -0.5, 1.5, -1.5}:
        return None
    root = b.make("sqrt", (x,))
    size = root if abs(exponent) < 1.0 else b.mul(x, root)
    return size if exponent > 0.0 else b.recip(size)


def power_of_exp(b: PlainBuilder, node: Node) -> Node | None:
    """A power of an exponential, or of a number, is an exponential.

    before: pow(exp(x), y)     after: exp(mul(x, y))
    before: pow(2.0, y)        after: exp(mul(log(2.0), y))
    """
    x, y = node.args
    number = number_of(x)
    if x.op == "exp":
        return b.make("exp", (b.mul(x.args[0], y),))
    if number is not None and number > 0.0:
        return b.make("exp", (b.mul(b.make("log", (b.const(number),)), y),))
    return None
