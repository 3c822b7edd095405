"""Parts that are put together: the gradient above all."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np

from exmc.gradient.affine import positions, row_major
from exmc.gradient.attributes import axes_of, places_of
from exmc.gradient.program import POINTWISE
from exmc.gradient.rules.forms import full, number_of, without
from exmc.gradient.rules.views import is_near
from exmc.gradient.shapes import strides_of

if TYPE_CHECKING:
    from exmc.gradient.attributes import Place
    from exmc.gradient.node import Node
    from exmc.gradient.plain_builder import PlainBuilder

    Segment: TypeAlias = tuple[int, int, Node]
    """Start, stop, and what stands there in row-major order."""


FEW: Final = 4
"""Parts, each an array, that are still gone through one by one."""


def without_zeros(b: PlainBuilder, node: Node) -> Node | None:
    """Zeros need not be put where zeros are.

    before: assemble(x, view(0.0))    after: assemble(x)
    before: assemble(x), in the place of all    after: x
    """
    pairs = [*zip(node.args, places_of(node), strict=True)]
    kept = [(x, place) for x, place in pairs if number_of(x) != 0.0]
    if not kept:
        return full(b, 0.0, node.shape)
    if len(kept) == 1:
        x, place = kept[0]
        if x.size == node.size and place == (0, row_major(x.shape)):
            return b.reshape(x, node.shape)
    if len(kept) == len(pairs):
        return None
    return b.assemble([x for x, _ in kept], [place for _, place in kept], node.shape)


def without_ones(b: PlainBuilder, node: Node) -> Node | None:
    """A part has no axes of one entry; which stride such an axis has says nothing.

    before: assemble(x : [1])    after: assemble(view(x) : [])
    """
    if not any(1 in x.shape for x in node.args):
        return None
    parts: list[Node] = []
    places: list[Place] = []
    for x, (offset, strides) in _pieces_of(node):
        kept = [axis for axis, n in enumerate(x.shape) if n != 1]
        parts.append(b.reshape(x, tuple(x.shape[axis] for axis in kept)))
        places.append((offset, tuple(strides[axis] for axis in kept)))
    return b.assemble(parts, places, node.shape)


def nested(b: PlainBuilder, node: Node) -> Node | None:
    """Parts of a part are parts, where the part stands in one piece.

    before: assemble(x, assemble(y, z))    after: assemble(x, y, z)
    """
    parts: list[Node] = []
    places: list[Place] = []
    for x, (offset, strides) in zip(node.args, places_of(node), strict=True):
        if x.op == "assemble" and strides == row_major(x.shape):
            parts += x.args
            places += [(offset + start, steps) for start, steps in places_of(x)]
        else:
            parts.append(x)
            places.append((offset, strides))
    if len(parts) == len(node.args):
        return None
    return b.assemble(parts, places, node.shape)


def sum_of_assembled(b: PlainBuilder, node: Node) -> Node | None:
    """A sum of arrays put together is put together of sums, of disjoint segments.

    before: add(assemble(x : [5], offset 0), assemble(y : [2], offset 3))
    after:  assemble(view(x) : [3], add(view(x) offset=3 : [2], y))
    """
    arrays = [arg for arg in node.args if arg.op == "assemble"]
    inside = [arg for arg in node.args if arg.shape and arg.op != "assemble"]
    pieces = [piece for array in arrays for piece in _pieces_of(array)]
    straight = all(strides == row_major(x.shape) for x, (_, strides) in pieces)
    if not straight or len(node.shape) > 1 or not all(map(_can_be_cut, inside)):
        inside = []
    if not arrays or len(arrays) + len(inside) < 2:
        return None
    if straight:
        pieces += [(x, (0, row_major(x.shape))) for x in inside]
        segments = [(place[0], place[0] + x.size, x) for x, place in pieces]
        joined = _disjoint(b, segments)
        pieces = [(x, (start, row_major(x.shape))) for start, _, x in joined]
    elif _overlap(node.size, pieces):
        return None
    rest = [arg for arg in node.args if arg not in {*arrays, *inside}]
    whole = b.assemble([x for x, _ in pieces], [at for _, at in pieces], node.shape)
    return b.add(whole, *rest)


def _can_be_cut(x: Node) -> bool:
    """Tell whether to read parts of x costs no more than to read x."""
    return x.op not in POINTWISE or is_near(x)


def _pieces_of(array: Node) -> list[tuple[Node, Place]]:
    return [*zip(array.args, places_of(array), strict=True)]


def _overlap(size: int, pieces: list[tuple[Node, Place]]) -> bool:
    taken = np.zeros(size, dtype=np.int64)
    for x, place in pieces:
        taken[positions(x.shape, place)] += 1
    return bool(np.any(taken > 1))


def _disjoint(b: PlainBuilder, segments: list[Segment]) -> list[Segment]:
    """Return the same sum as segments that do not overlap, from left to right."""
    cuts = sorted({end for segment in segments for end in segment[:2]})
    heaps: dict[int, list[Node]] = {cut: [] for cut in cuts}
    index = {cut: number for number, cut in enumerate(cuts)}
    for start, stop, x in segments:
        inside = cuts[index[start] : index[stop] + 1]
        for low, high in pairwise(inside):
            heaps[low].append(_piece(b, x, low - start, high - start))
    return [
        (low, high, b.add(*_alike(b, heaps[low])))
        for low, high in pairwise(cuts)
        if heaps[low]
    ]


def _piece(b: PlainBuilder, x: Node, start: int, stop: int) -> Node:
    if stop - start == x.size:
        return x
    if stop - start == 1:
        return b.view(x, (), start, ())
    return b.view(x, (stop - start,), start, (1,))


def _alike(b: PlainBuilder, pieces: list[Node]) -> list[Node]:
    """Return pieces of one size in one shape."""
    if len({x.shape for x in pieces}) == 1:
        return pieces
    size = pieces[0].size
    return [b.reshape(x, (size,) if size > 1 else ()) for x in pieces]


def product_of_parts(b: PlainBuilder, node: Node) -> Node | None:
    """What is put together among zeros is multiplied where it is not zero.

    before: mul(x, assemble(y : [4], offset 1) : [5])
    after:  assemble(mul(view(x) offset=1 : [4], y), offset 1)
    """
    for array in node.args:
        if array.op != "assemble" or not _few(array):
            continue
        rest = without(node.args, array)
        parts = [
            b.mul(x, *(b.view(y, x.shape, *at) if y.shape else y for y in rest))
            for x, at in _pieces_of(array)
        ]
        return b.assemble(parts, places_of(array), node.shape)
    return None


def _few(array: Node) -> bool:
    """Tell whether to go through an array's parts takes no more than a few steps."""
    return len(array.args) <= FEW and all(x.shape for x in array.args)


def reduced_parts(b: PlainBuilder, node: Node) -> Node | None:
    """A sum over some axes of parts is the sum of the parts' sums.

    before: sum(assemble(x : [5], column 0, y : [5], column 1) : [5 2]) axes=(0)
    after:  assemble(sum(x), sum(y)) : [2]
    """
    array, axes = node.args[0], axes_of(node)
    if array.op != "assemble" or not node.shape or not _few(array):
        return None
    sums = [_reduced(b, node, x, at) for x, at in _pieces_of(array)]
    found = [x for x in sums if x is not None]
    return b.add(*found) if len(found) == len(sums) and axes else None


def _reduced(b: PlainBuilder, node: Node, x: Node, place: Place) -> Node | None:
    """Return the sum of one part in its place, None if it stands askew."""
    shape, axes = node.args[0].shape, axes_of(node)
    strides = strides_of(shape)
    if not all(step in strides for step in place[1]):
        return None
    along = [strides.index(step) for step in place[1]]
    start = np.unravel_index(place[0], shape)
    ends = dict(zip(along, x.shape, strict=True))
    if len(ends) < len(along) or any(
        start[axis] + n > shape[axis] for axis, n in ends.items()
    ):
        return None
    total = b.sum(x, [k for k, axis in enumerate(along) if axis in axes])
    kept = [axis for axis in range(len(shape)) if axis not in axes]
    steps = dict(zip(kept, strides_of(node.shape), strict=True))
    offset = sum(int(start[axis]) * steps[axis] for axis in kept)
    at = tuple(steps[axis] for axis in along if axis not in axes)
    return b.assemble([total], [(offset, at)], node.shape)
