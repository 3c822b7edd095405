"""Sums and largest entries over axes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from exmc.gradient.affine import is_permutation
from exmc.gradient.attributes import axes_of, place_of
from exmc.gradient.rules.forms import scale
from exmc.gradient.rules.repeats import repeated_axes, without_axes

if TYPE_CHECKING:
    from exmc.gradient.node import Node
    from exmc.gradient.plain_builder import PlainBuilder
    from exmc.gradient.program import Shape
    from exmc.gradient.rules.repeats import Axes


def _left(shape: Shape, axes: tuple[int, ...], gone: Axes) -> tuple[int, ...]:
    """Return axes that are still to be reduced, counted without those gone."""
    kept = [axis for axis in range(len(shape)) if axis not in gone]
    return tuple(kept.index(axis) for axis in axes if axis not in gone)


def over_single(b: PlainBuilder, node: Node) -> Node | None:
    """An axis of one entry goes away without work.

    before: sum(x : [5 1]) axes=(1)    after: view(x) : [5]
    before: sum(x : [5 1]) axes=(0)    after: view(sum(view(x) : [5]) axes=(0)) : [1]
    """
    x, axes = node.args[0], axes_of(node)
    gone = frozenset(axis for axis, n in enumerate(x.shape) if n == 1)
    if not gone:
        return None
    inner = b.reshape(x, tuple(n for n in x.shape if n != 1))
    rest = _left(x.shape, axes, gone)
    result = b.apply(node.op, inner, axes=rest) if rest else inner
    return b.reshape(result, node.shape)


def over_repeats(b: PlainBuilder, node: Node) -> Node | None:
    """A sum over what is repeated is a multiple; the largest is there already.

    before: sum(view(x) strides=(0,1) : [5 3]) axes=(0)     after: mul(5.0, x)
    before: amax(view(x) strides=(0,1) : [5 3]) axes=(0)    after: x
    """
    x, axes = node.args[0], axes_of(node)
    if x.op != "view":
        return None
    gone = repeated_axes(x) & frozenset(axes)
    if not gone:
        return None
    rest = _left(x.shape, axes, gone)
    inner = without_axes(b, x, gone)
    result = b.apply(node.op, inner, axes=rest) if rest else inner
    count = float(np.prod([x.shape[axis] for axis in gone]))
    return scale(b, count, result) if node.op == "sum" else result


def of_permutation(b: PlainBuilder, node: Node) -> Node | None:
    """The order of what is reduced does not matter.

    before: sum(view(x) strides=(1,3) : [3 2]) axes=(0,1)    after: sum(x)
    """
    x = node.args[0]
    if x.op != "view" or node.shape or x.size != x.args[0].size:
        return None
    if 1 in x.args[0].shape or not is_permutation(x.shape, place_of(x)[1]):
        return None
    return b.sum(x.args[0]) if node.op == "sum" else b.amax(x.args[0])


def sum_of_terms(b: PlainBuilder, node: Node) -> Node | None:
    """Terms whose sum nobody else reads leave it.

    before: sum(add(s, x)), s a scalar, x of shape [5]
    after:  add(mul(5.0, s), sum(x))
    before: sum(add(data [1.0 2.0], x))    after: add(3.0, sum(x))

    Outside they may meet their like; there are as many additions either way. Where the
    terms' sum is needed anyway nothing would be gained, and digits would be lost if it
    is small.
    """
    x, axes = node.args[0], axes_of(node)
    if x.op != "add" or not b.single(x):
        return None
    sums = (b.sum(b.broadcast(term, x.shape), axes) for term in x.args)
    return b.broadcast(b.add(*sums), node.shape)


def sum_of_gather(b: PlainBuilder, node: Node) -> Node | None:
    """What is gathered often is counted.

    before: sum(gather(x, index)), index larger than x
    after:  sum(mul(counts, x))
    """
    x = node.args[0]
    if x.op != "gather" or node.shape or x.size <= x.args[0].size:
        return None
    source = x.args[0]
    index: Any = x.args[1].value
    counts = np.bincount(index.ravel(), minlength=source.size)
    return b.sum(b.mul(b.data(counts.reshape(source.shape)), source))


def sum_of_parts(b: PlainBuilder, node: Node) -> Node | None:
    """The sum of all that is put together is the sum of its parts.

    before: sum(assemble(x, y))       after: add(sum(x), sum(y))
    before: sum(scatter(x, index))    after: sum(x)

    Where much is scattered to few places, and is needed there, these are summed.
    """
    x = node.args[0]
    if node.shape or x.op not in {"scatter", "assemble"}:
        return None
    parts = x.args[:1] if x.op == "scatter" else x.args
    if x.op == "scatter" and parts[0].size > x.size and not b.single(x):
        return None
    return b.add(*(b.sum(part) for part in parts))


def sum_of_sum(b: PlainBuilder, node: Node) -> Node | None:
    """A sum of a sum over some axes is a sum over more axes.

    before: sum(sum(x : [5 3]) axes=(0)) axes=(0)    after: sum(x) axes=(0,1)
    """
    x = node.args[0]
    if x.op != node.op or not b.single(x):
        return None
    inner = axes_of(x)
    kept = [axis for axis in range(len(x.args[0].shape)) if axis not in inner]
    axes = sorted([*inner, *(kept[axis] for axis in axes_of(node))])
    return b.apply(node.op, x.args[0], axes=tuple(axes))
