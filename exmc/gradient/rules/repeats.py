"""What an array repeats is computed once, before it is repeated."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from exmc.gradient.attributes import place_of
from exmc.gradient.rules.forms import scale

if TYPE_CHECKING:
    from exmc.gradient.attributes import Place
    from exmc.gradient.node import Node
    from exmc.gradient.plain_builder import PlainBuilder
    from exmc.gradient.program import Shape

    Axes: TypeAlias = frozenset[int]


NONE: Axes = frozenset()


def repeated_axes(x: Node) -> Axes:
    """Return the axes along which a view, or its negative, repeats what it reads."""
    view = x.args[0] if x.op == "neg" else x
    if view.op != "view":
        return NONE
    _, strides = place_of(view)
    return frozenset(
        axis for axis, stride in enumerate(strides) if not stride and x.shape[axis] > 1
    )


def idle_axes(x: Node) -> Axes:
    """Return the axes along which an array repeats, or has one entry."""
    repeated = repeated_axes(x)
    if 1 not in x.shape:
        return repeated
    return repeated | {axis for axis, n in enumerate(x.shape) if n == 1}


def without_axes(b: PlainBuilder, x: Node, axes: Axes) -> Node:
    """Return an array without axes that are idle."""
    if x.op == "neg":
        return b.neg(without_axes(b, x.args[0], axes))
    if x.op == "view":
        shape, place = shape_without(x, axes)
        return b.view(x.args[0], shape, *place)
    return b.reshape(x, _kept(x.shape, axes))


def shape_without(view: Node, axes: Axes) -> tuple[Shape, Place]:
    """Return the shape of a view, and where it reads, without axes that are idle."""
    offset, strides = place_of(view)
    return _kept(view.shape, axes), (offset, _kept(strides, axes))


def _kept(numbers: Shape, axes: Axes) -> Shape:
    return tuple(n for axis, n in enumerate(numbers) if axis not in axes)


def with_axes(b: PlainBuilder, x: Node, shape: Shape, axes: Axes) -> Node:
    """Return x repeated along new axes, in that shape."""
    whole = tuple(1 if axis in axes else n for axis, n in enumerate(shape))
    return b.broadcast(b.reshape(x, whole), shape)


def pointwise_of_repeats(b: PlainBuilder, node: Node) -> Node | None:
    """Compute a pointwise operation on the smaller arrays that its arguments repeat.

    before: exp(view(x) strides=(0,1) : [5 3])    after: view(exp(x)) : [5 3]
    before: mul(x, y) : [5 1]       after: view(mul(view(x), view(y)) : [5]) : [5 1]
    """
    if not node.shape:
        return None
    common = frozenset(range(len(node.shape)))
    for arg in node.args:
        if arg.shape:
            common &= idle_axes(arg)
            if not common:
                return None
    inner = (without_axes(b, arg, common) if arg.shape else arg for arg in node.args)
    return with_axes(b, b.make(node.op, tuple(inner)), node.shape, common)


def scalars_of_repeats(b: PlainBuilder, node: Node) -> Node | None:
    """Let a scalar stand for an array that repeats it, where another has the shape.

    before: lt(view(s) strides=(0) : [3], x)    after: lt(s, x)
    """
    every = frozenset(axis for axis, n in enumerate(node.shape) if n > 1)
    if not every:
        return None
    args = tuple(
        without_axes(b, arg, frozenset(range(len(arg.shape))))
        if arg.shape and repeated_axes(arg) == every
        else arg
        for arg in node.args
    )
    if args == node.args or not any(arg.shape for arg in args):
        return None
    return b.make(node.op, args)


def pointwise_of_gathers(b: PlainBuilder, node: Node) -> Node | None:
    """Compute a pointwise operation before its results are read many times.

    before: exp(gather(x, index)), index larger than x    after: gather(exp(x), index)
    """
    for arg in node.args:
        if arg.shape and arg.op != "gather":
            return None
    arrays = [arg for arg in node.args if arg.shape]
    if not arrays:
        return None
    x, index = arrays[0].args
    same = all(a.args[0].shape == x.shape and a.args[1] is index for a in arrays)
    if not same or x.size >= index.size:
        return None
    inner = (arg.args[0] if arg.shape else arg for arg in node.args)
    return b.gather(b.make(node.op, tuple(inner)), index)


def alike(b: PlainBuilder, node: Node) -> Node | None:
    """Add or multiply before repeating or gathering those arguments that are alike.

    before: add(gather(x, i), gather(y, i), z)    after: add(gather(add(x, y), i), z)
    before: mul(view(x), view(y), z), two views that repeat along the same axes
    after:  mul(view(mul(x, y)), z)
    """
    if not node.shape:
        return None
    groups: dict[object, list[Node]] = {}
    for arg in node.args:
        key = _way(arg) if arg.op in {"view", "gather", "neg"} else None
        if key:
            groups.setdefault(key, []).append(arg)
    for group in groups.values():
        if len(group) > 1:
            rest = [arg for arg in node.args if arg not in group]
            whole = _joined(b, node.op, group)
            return b.make(node.op, (whole, *rest)) if rest else whole
    return None


def _way(arg: Node) -> object:
    """Return how an argument is read from a smaller array, if it is."""
    axes = repeated_axes(arg)
    if axes:
        return axes
    x = arg.args[0] if arg.op == "neg" else arg
    if x.op == "gather" and x.args[0].size <= x.size:
        return x.args[0].shape, x.args[1]
    return None


def _joined(b: PlainBuilder, op: str, group: list[Node]) -> Node:
    first = group[0].args[0] if group[0].op == "neg" else group[0]
    if first.op == "view":
        axes = repeated_axes(first)
        inner = b.make(op, tuple(without_axes(b, arg, axes) for arg in group))
        return with_axes(b, inner, first.shape, axes)
    parts = (
        scale(b, -1.0, arg.args[0].args[0]) if arg.op == "neg" else arg.args[0]
        for arg in group
    )
    return b.gather(b.make(op, tuple(parts)), first.args[1])
