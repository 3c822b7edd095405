"""Views: of views, of parts, of what is computed entry by entry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from exmc.gradient.affine import canonical, composed, positions, row_major, span
from exmc.gradient.attributes import place_of, places_of
from exmc.gradient.program import LEAVES, POINTWISE
from exmc.gradient.rules.forms import full, repeats
from exmc.gradient.rules.repeats import idle_axes, shape_without, with_axes

if TYPE_CHECKING:
    from exmc.gradient.node import Node
    from exmc.gradient.plain_builder import PlainBuilder

CHEAP: Final = frozenset(("add", "mul", "neg"))


def whole(b: PlainBuilder, node: Node) -> Node | None:
    """A view of everything in its order is the array itself.

    before: view(x) offset=0 strides=(1) : [5], x of shape [5]    after: x
    before: view(x) strides=(7,1) : [1 5]    after: view(x) strides=(0,1) : [1 5]
    """
    x = node.args[0]
    offset, strides = place_of(node)
    settled = canonical(node.shape, strides)
    if node.shape == x.shape and (offset, settled) == (0, row_major(x.shape)):
        return x
    return b.view(x, node.shape, offset, settled) if settled != strides else None


def view_of_view(b: PlainBuilder, node: Node) -> Node | None:
    """A view of a view is one view, if it is affine.

    before: view(view(z) offset=2 : [8]) offset=3 : [2]    after: view(z) offset=5 : [2]
    before: view(view(s)), s a scalar                      after: view(s)
    """
    x = node.args[0]
    if x.op != "view":
        return None
    if repeats(x):
        offset, _ = place_of(x)
        return b.view(x.args[0], node.shape, offset, (0,) * len(node.shape))
    place = composed(node.shape, place_of(node), x.shape, place_of(x))
    return b.view(x.args[0], node.shape, *place) if place else None


def view_of_pointwise(b: PlainBuilder, node: Node) -> Node | None:
    """What is read from a result is computed alone, if the rest is not needed.

    before: view(exp(x)) offset=2 : []    after: exp(view(x) offset=2 : [])
    before: view(neg(x))                  after: neg(view(x))

    The rest is not needed if nothing else reads the result, or only views of no more
    entries in all do; cheap results are computed again.
    """
    x = node.args[0]
    if x.op == "neg":
        return b.neg(b.again(node, x.args[0]))
    if x.op not in POINTWISE or not x.shape or node.size > x.size:
        return None
    axes = idle_axes(node)
    shape, place = shape_without(node, axes)
    whole = (shape, place) == (x.shape, (0, row_major(x.shape)))
    if whole or not (b.single(x) or x in b.viewed or _cheap(x)):
        return None
    args = (b.view(arg, shape, *place) if arg.shape else arg for arg in x.args)
    return with_axes(b, b.make(x.op, tuple(args)), node.shape, axes)


def _cheap(x: Node) -> bool:
    multiple = x.op == "mul" and len(x.args) == 2 and not x.args[0].shape
    return multiple or is_near(x)


def is_near(x: Node) -> bool:
    """Tell whether a result is a step from the input, data or scalars, a cheap step."""
    near = (a.args[0] if a.op in {"view", "neg"} else a for a in x.args)
    return x.op in CHEAP and all(a.op in LEAVES or not a.shape for a in near)


def view_of_gather(b: PlainBuilder, node: Node) -> Node | None:
    """What is read from a gather is gathered alone.

    before: view(gather(x, index)) offset=1 : [3]    after: gather(x, index[1:4])
    """
    x = node.args[0]
    if x.op != "gather" or node.size > x.size:
        return None
    index: Any = x.args[1].value
    return b.gather(
        x.args[0], b.index(index.ravel()[positions(node.shape, place_of(node))])
    )


def view_of_assemble(b: PlainBuilder, node: Node) -> Node | None:
    """What is read from one part is read from that part; from a gap, it is zero.

    before: view(assemble(x : [2], y : [3])) offset=2 : [3]    after: y
    """
    x = node.args[0]
    if x.op != "assemble" or not node.size:
        return None
    place = place_of(node)
    low, high = span(node.shape, place)
    for part, inside in zip(x.args, places_of(x), strict=True):
        start, stop = span(part.shape, inside)
        if stop <= low or high <= start:
            continue
        if start <= low and high <= stop and inside[1] == row_major(part.shape):
            return b.view(part, node.shape, place[0] - start, place[1])
        return None
    return full(b, 0.0, node.shape)
