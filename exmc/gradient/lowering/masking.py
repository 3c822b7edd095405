"""Gradients that a condition chose: zero where it does not hold, whatever they meet.

In where(c, f(x), y) the gradient by f(x) is zero where c does not hold; multiplied by
the slope of f, which may be infinite or NaN there, it must stay zero. So the product
is taken inside the choice, which is the same wherever the slope is finite.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from exmc.gradient.lowering.lowering import Lowering
    from exmc.gradient.node import Node


def chosen(low: Lowering, condition: Node, gradient: Node) -> Node:
    """Return a gradient where a condition holds, else 0, and remember that it is one.

    Args:
        low: The lowering under way.
        condition: 0.0 where it does not hold.
        gradient: It broadcasts with the condition.
    """
    node = low.build.pointwise("where", condition, gradient, low.build.const(0.0))
    if node.op == "where":
        low.masks[node] = condition, gradient
    return node


def product(low: Lowering, x: Node, y: Node) -> Node:
    """Return x y; on the way back, 0 where one is a gradient that was not chosen."""
    for one, other in ((x, y), (y, x)):
        if one in low.masks and low.is_backward:
            condition, inner = low.masks[one]
            low.mended = True
            return chosen(low, condition, product(low, inner, other))
    return low.build.mul(x, y)


def is_zero(node: Node) -> bool:
    """Tell whether a node is the number 0, or a whole array of it."""
    while node.op == "view":
        (node,) = node.args
    return node.op == "const" and node.value == 0.0


def masked(low: Lowering, x: Node, move: Callable[[Node], Node]) -> Node:
    """Return x with its entries moved; a choice stays outermost."""
    if x not in low.masks:
        return move(x)
    condition, inner = low.masks[x]
    parts = (low.build.broadcast(part, x.shape) for part in (condition, inner))
    return chosen(low, *map(move, parts))
