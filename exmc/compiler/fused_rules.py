"""The fused steps as operations of programs; there they are fused with everything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exmc.numerics.special import HALF_LOG_2_PI

if TYPE_CHECKING:
    from exmc.gradient.lowering.lowering import Given, Lowering
    from exmc.gradient.node import Node


def normal_total_rule(low: Lowering, value: Given, mu: Given, sigma: Given) -> Node:
    """Return the sum of a normal log-density over the entries of value."""
    scale = low.term(sigma)
    residual = (low.term(value) - low.term(mu)) / scale
    count = residual.node.size
    weight = count / scale.node.size
    squares, logs = residual * residual, scale.log()
    total = -0.5 * squares.total() - weight * logs.total()
    return (total - count * HALF_LOG_2_PI).node


def shifted_rule(low: Lowering, raw: Given, location: Given, scale: Given) -> Node:
    """Return location + scale * raw."""
    return (low.term(location) + low.term(scale) * low.term(raw)).node


def sum_rule(low: Lowering, *terms: Given) -> Node:
    """Return the sum of scalars."""
    return low.build.add(*map(low.node, terms))
