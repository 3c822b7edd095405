"""Scalar factors and signs leave operations that are linear."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from exmc.gradient.attributes import axes_of
from exmc.gradient.rules.forms import full, multiple, number_of, repeats, times
from exmc.gradient.rules.repeats import repeated_axes, without_axes

if TYPE_CHECKING:
    from exmc.gradient.node import Node
    from exmc.gradient.plain_builder import PlainBuilder

LINEAR_IN: Final = {
    "sum": (0,),
    "scatter": (0,),
    "combine": (1, 0),
    "project": (1, 0),
    "recur": (1,),
    "solve_lower": (1,),
}
"""By operation, the arguments in which it is linear."""


def scaled(b: PlainBuilder, node: Node) -> Node | None:
    """A sign leaves a linear operation; a scalar does where the result is not larger.

    before: sum(mul(s, x))        after: mul(s, sum(x))
    before: project(m, neg(g))    after: neg(project(m, g))
    """
    for at in LINEAR_IN[node.op]:
        c, scalar, x = multiple(b, node.args[at])
        if x is node.args[at]:
            continue
        if node.size > x.size:
            if c >= 0.0:
                continue
            c, scalar, x = -1.0, None, times(b, -c, scalar, x)
        args = tuple(x if i == at else arg for i, arg in enumerate(node.args))
        return times(b, c, scalar, b.again(node, *args))
    return None


def of_zero(b: PlainBuilder, node: Node) -> Node | None:
    """A linear operation on zeros gives zeros.

    before: scatter(view(0.0), index)    after: view(0.0)
    """
    if any(number_of(node.args[at]) == 0.0 for at in LINEAR_IN[node.op]):
        return full(b, 0.0, node.shape)
    return None


def scatter_of_repeats(b: PlainBuilder, node: Node) -> Node | None:
    """Where one scalar is added again and again, it is added as often at once.

    before: scatter(view(s), index [1 1 0]) : [2]    after: mul(s, data [1.0 2.0])
    """
    x, index = node.args
    if not repeats(x):
        return None
    places: Any = index.value
    counts = np.bincount(places.ravel(), minlength=node.size)
    s = without_axes(b, x, frozenset(range(len(x.shape))))
    return b.mul(s, b.data(counts.reshape(node.shape)))


def symmetric(b: PlainBuilder, node: Node) -> Node | None:
    """Both products with a symmetric matrix of data are one.

    before: project(m, x), m equal to its transpose    after: combine(m, x)
    """
    m, x = node.args
    values: Any = m.value
    if m.op == "data" and m.shape[0] == m.shape[1] and np.array_equal(values, values.T):
        return b.apply("combine", m, x)
    return None


def matrix_product(b: PlainBuilder, node: Node) -> Node | None:
    """A product with a matrix of data, as broadcasting writes it.

    before: sum(mul(m, view(x) strides=(1,0))) axes=(0)    after: combine(m, x)
    before: sum(mul(m, view(g) strides=(0,1))) axes=(1)    after: project(m, g)
    """
    product, axes = node.args[0], axes_of(node)
    if product.op != "mul" or len(product.shape) != 2 or len(product.args) != 2:
        return None
    m, x = product.args
    if m.op != "data" or len(axes) != 1 or repeated_axes(x) != {1 - axes[0]}:
        return None
    vector = without_axes(b, x, repeated_axes(x))
    return b.apply("combine" if axes == (0,) else "project", m, vector)
