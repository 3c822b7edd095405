"""Where the entries of an array go when numpy rearranges it.

What numpy does without copying is a view, and shows its offset and strides itself.
For the rest, rearranging an array of positions shows where the entries went: in even
steps, which is a view again, or not, which takes an index.
"""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from exmc.gradient.shapes import strides_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from exmc.gradient.attributes import Place
    from exmc.gradient.builder import Builder
    from exmc.gradient.node import Node
    from exmc.gradient.program import Shape

Positions: TypeAlias = "NDArray[np.int64]"
Arrange: TypeAlias = "Callable[[NDArray[Any]], NDArray[Any]]"
"""What numpy does to any array of a shape, whatever its entries are."""


def positions(shape: Shape, arrange: Arrange) -> Positions:
    """Return the flat position, in an array of a shape, of each entry of the result."""
    at = np.arange(prod(shape), dtype=np.int64).reshape(shape)
    return np.asarray(arrange(at))


def place_of_view(shape: Shape, arrange: Arrange) -> tuple[Shape, Place] | None:
    """Return the result's shape, offset and strides; None if numpy copies."""
    base = np.empty(shape, np.int8)
    result = arrange(base)
    if not (result.size and np.may_share_memory(base, result)):
        return None
    start, first = (a.__array_interface__["data"][0] for a in (base, result))
    strides = zip(result.shape, result.strides, strict=True)
    return result.shape, (first - start, tuple(s if n > 1 else 0 for n, s in strides))


def even_steps(at: Positions) -> Place | None:
    """Return offset and strides of positions that are those of a view, else None."""
    if at.size == 0:
        return 0, (0,) * at.ndim
    offset = int(at.flat[0])
    first = (0,) * at.ndim
    strides = tuple(
        int(at[(*first[:axis], 1, *first[axis + 1 :])]) - offset if n > 1 else 0
        for axis, n in enumerate(at.shape)
    )
    grid = np.full(at.shape, offset)
    for axis, (n, stride) in enumerate(zip(at.shape, strides, strict=True)):
        grid += (stride * np.arange(n)).reshape([-1, *[1] * (at.ndim - axis - 1)])
    return (offset, strides) if np.array_equal(grid, at) else None


def rearranged(build: Builder, x: Node, arrange: Arrange) -> Node:
    """Return x as numpy rearranges it."""
    seen = place_of_view(x.shape, arrange)
    if seen is not None:
        shape, place = seen
        return x if shape == x.shape == () else build.view(x, shape, *place)
    at = positions(x.shape, arrange)
    place_of_all = even_steps(at)
    if place_of_all is not None:
        return build.view(x, at.shape, *place_of_all)
    return gathered(build, x, at)


def gathered(build: Builder, x: Node, at: Positions) -> Node:
    """Return the entries of x at flat positions; they are data, not program."""
    node = build.gather(
        build.broadcast(x, (1,)) if x.shape == () else x, build.index(at)
    )
    return node if node.shape == at.shape else build.reshape(node, at.shape)


def placed(build: Builder, x: Node, shape: Shape, arrange: Arrange) -> Node:
    """Return zeros with x where the rearrangement of such an array reads."""
    seen = place_of_view(shape, arrange)
    if seen is not None:
        part, place = seen
        whole = build.broadcast(x, part)
        if prod(part) == prod(shape) and place == _in_order(part):
            return build.reshape(whole, shape)
        return build.assemble([whole], [place], shape)
    return added(build, x, shape, positions(shape, arrange))


def _in_order(shape: Shape) -> Place:
    """Return the place of all entries of an array, one after the other."""
    strides = zip(shape, strides_of(shape), strict=True)
    return 0, tuple(stride if n > 1 else 0 for n, stride in strides)


def added(build: Builder, x: Node, shape: Shape, at: Positions) -> Node:
    """Return zeros to which x is added at flat positions; they are data."""
    at = np.atleast_1d(at)
    return build.scatter(build.broadcast(x, at.shape), build.index(at), shape)
