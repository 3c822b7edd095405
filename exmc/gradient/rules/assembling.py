"""Parts that are put together: the gradient above all."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, TypeAlias

from exmc.gradient.affine import row_major
from exmc.gradient.attributes import places_of
from exmc.gradient.rules.forms import full, number_of

if TYPE_CHECKING:
    from exmc.gradient.attributes import Place
    from exmc.gradient.node import Node
    from exmc.gradient.plain_builder import PlainBuilder

    Segment: TypeAlias = tuple[int, int, Node]
    """Start, stop, and what stands there in row-major order."""


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
    if len(arrays) < 2:
        return None
    segments: list[Segment] = []
    for array in arrays:
        for x, (offset, strides) in zip(array.args, places_of(array), strict=True):
            if strides != row_major(x.shape):
                return None
            segments.append((offset, offset + x.size, x))
    joined = _disjoint(b, segments)
    parts = [x for _, _, x in joined]
    places: list[Place] = [(start, row_major(x.shape)) for start, _, x in joined]
    whole = b.assemble(parts, places, node.shape)
    return b.add(whole, *(arg for arg in node.args if arg not in arrays))


def _disjoint(b: PlainBuilder, segments: list[Segment]) -> list[Segment]:
    """Return the same sum as segments that do not overlap, from left to right."""
    segments = sorted(segments, key=lambda segment: segment[:2])
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
    if (start, stop) == (0, x.size):
        return x
    return b.view(
        x, (stop - start,) if stop - start > 1 else (), start, (1,)[: stop - start - 1]
    )


def _alike(b: PlainBuilder, pieces: list[Node]) -> list[Node]:
    """Return pieces of one size in one shape."""
    shapes = {x.shape for x in pieces}
    if len(shapes) == 1:
        return pieces
    shape = (pieces[0].size,)
    return [b.reshape(x, shape) for x in pieces]
