"""What a rule sees in a node: constants, coefficients, scalars that are repeated.

A vector that is a multiple of a scalar has the form mul(scalar, vector), in which the
scalar stands first and a constant among its factors first of all; so that the vector
alone is shared by all its multiples.
"""

from __future__ import annotations

import math
import sys
from typing import TYPE_CHECKING, Final

import numpy as np

from exmc.gradient.no_rule import NoRuleError

if TYPE_CHECKING:
    from exmc.gradient.node import Node
    from exmc.gradient.plain_builder import PlainBuilder
    from exmc.gradient.program import Shape
    from exmc.typing import Array


TAKEN_APART: Final = frozenset(
    ("const", "data", "mul", "neg", "recip", "exp", "sqrt", "abs", "sign")
)
"""Operations that sums and products look into, or put in a place of their own."""


def is_plain(node: Node) -> bool:
    """Tell whether a sum or product takes a node as it is; False if in doubt."""
    if node.op == "view":
        return not node.shape and node.args[0].op != "const"
    return node.op not in TAKEN_APART


def number_of(node: Node) -> float | None:
    """Return the number that a node has in every entry, None if that is not known."""
    if node.op == "view" and node.args[0].op == "const":
        node = node.args[0]
    return node.value if isinstance(node.value, float) else None


def check_range(product: Array | float, *factors: Array | float) -> None:
    """Refuse a product of numbers that stood apart, if float64 cannot hold it.

    What they stand beside may keep them in range, as x does in (x / 1e200)**2. A factor
    that is 0 or infinite itself, or an array with such an entry, is no reason.

    Raises:
        NoRuleError: The largest is infinite, 0 or too small for all its digits.
    """
    if isinstance(product, float):  # nearly always; numpy would take longer
        largest = abs(product)
    else:
        largest = float(np.max(np.abs(product), initial=0.0))
    if sys.float_info.min <= largest < math.inf:
        return
    if all(np.isfinite(x).all() and np.any(x) for x in factors):
        message = "numbers in it multiply to one that float64 cannot hold"
        raise NoRuleError(message)


def full(b: PlainBuilder, number: float, shape: Shape) -> Node:
    """Return an array of one number."""
    return b.broadcast(b.const(number), shape)


def repeats(node: Node) -> bool:
    """Tell whether a node is an array of one scalar."""
    return node.op == "view" and bool(node.shape) and not any(node["strides"])  # type: ignore[arg-type]


def repeated(b: PlainBuilder, node: Node) -> Node:
    """Return the scalar that a node repeats; the node itself if it repeats none."""
    if not repeats(node):
        return node
    return b.apply("view", node.args[0], offset=node["offset"], strides=())


def without(args: tuple[Node, ...], *taken: Node) -> list[Node]:
    """Return arguments without one occurrence of each that is taken."""
    rest = [*args]
    for x in taken:
        rest.remove(x)
    return rest


def scale(b: PlainBuilder, number: float, x: Node) -> Node:
    """Return a multiple of a node."""
    if number == 1.0:
        return x
    return b.neg(x) if number == -1.0 else b.make("mul", (b.const(number), x))


def coefficient(node: Node) -> tuple[float, Node]:
    """Return a number and a node whose product the node is.

    before: mul(-2.0, x)    after: -2.0, x
    before: neg(x)          after: -1.0, x
    """
    if node.op == "neg":
        return -1.0, node.args[0]
    if node.op == "mul" and isinstance(node.args[0].value, float):
        return node.args[0].value, node.args[1]
    return 1.0, node


def multiple(b: PlainBuilder, node: Node) -> tuple[float, Node | None, Node]:
    """Return a number, a scalar if there is one, and the rest of a product.

    before: mul(mul(-2.0, s), x)    after: -2.0, s, x
    before: mul(-2.0, x)            after: -2.0, None, x
    """
    number, rest = coefficient(node)
    if rest.shape and rest.op == "mul" and not rest.args[0].shape:
        scalar, vector = rest.args[0], b.mul(*rest.args[1:])
        more, scalar = coefficient(scalar)
        check_range(number * more, number, more)
        return number * more, scalar, vector
    return number, None, rest


def times(b: PlainBuilder, number: float, scalar: Node | None, vector: Node) -> Node:
    """Return the product of what `multiple` returns."""
    if scalar is None:
        return scale(b, number, vector)
    if number == -1.0:
        return b.neg(b.make("mul", (scalar, vector)))
    return b.make("mul", (scale(b, number, scalar), vector))
