"""Data of two axes and more is stored as vector lanes go through it.

Lanes run along the longest axis of what is computed (`program.lane_axis`). An array
whose longest axis is not the last would be read with strides; it is data, so it is
stored the other way round instead, once, and a view gives it its shape.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from exmc.gradient.affine import composed
from exmc.gradient.attributes import place_of
from exmc.gradient.numbering import live
from exmc.gradient.program import POINTWISE, lane_axis
from exmc.gradient.shapes import strides_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from exmc.gradient.attributes import Place
    from exmc.gradient.node import Node
    from exmc.gradient.plain_builder import PlainBuilder
    from exmc.gradient.program import Shape

    Reader: TypeAlias = tuple[Node, Shape, Place]
    """Who reads data, in which shape, from where."""


def laid_out(b: PlainBuilder, outputs: Sequence[Node]) -> tuple[Node, ...]:
    """Return the outputs of the same program, its data stored along the lanes.

    before: mul(x, data) : [500 20]
    after:  mul(x, view(data') strides=(1,500) : [500 20]), data' of shape [20 500]
    """
    order = live(outputs)
    turned = {
        data: axis
        for data, readers in _readers(order).items()
        if (axis := _lanes(data, readers)) is not None
    }
    if not turned:
        return tuple(outputs)
    images: dict[Node, Node] = {}
    for node in order:
        if node.op == "view" and node.args[0] in turned:
            data = node.args[0]
            images[node] = _read(b, data, turned[data], node.shape, place_of(node))
        elif node in turned:
            straight = (0, strides_of(node.shape))
            images[node] = _read(b, node, turned[node], node.shape, straight)
        elif node.args:
            images[node] = b.again(node, *(images[arg] for arg in node.args))
        else:
            images[node] = node
    return tuple(images[node] for node in outputs)


def _readers(order: Sequence[Node]) -> dict[Node, list[Reader | None]]:
    """Return who reads each array of data; None for who must have it as it is."""
    readers: dict[Node, list[Reader | None]] = {
        node: [] for node in order if node.op == "data" and len(node.shape) > 1
    }
    for node in order:
        for arg in node.args:
            if arg not in readers:
                continue
            if node.op == "view":
                readers[arg].append((node, node.shape, place_of(node)))
            elif node.op in POINTWISE:
                readers[arg].append((node, node.shape, (0, strides_of(node.shape))))
            else:
                readers[arg].append(None)
    return readers


def _lanes(data: Node, readers: Sequence[Reader | None]) -> int | None:
    """Return the axis to store last, if all readers agree and something changes."""
    axes = {_lane_axis_of(data, reader) for reader in readers}
    axis = axes.pop() if len(axes) == 1 else None
    if axis is None or (axis == len(data.shape) - 1 and 1 not in data.shape):
        return None
    inner = (0, _strides(data.shape, axis))
    agreeing = (
        reader and composed(reader[1], reader[2], data.shape, inner)
        for reader in readers
    )
    return axis if all(agreeing) else None


def _lane_axis_of(data: Node, reader: Reader | None) -> int | None:
    """Return the axis of data along which the lanes of a reader run."""
    if reader is None or not reader[1]:
        return None
    _, shape, (_, strides) = reader
    step = strides[lane_axis(shape)]
    steps = strides_of(data.shape)
    fits = [a for a, n in enumerate(data.shape) if n > 1 and steps[a] == step]
    return fits[0] if fits else None


def _strides(shape: Shape, last: int) -> tuple[int, ...]:
    """Return the strides of an array of that shape whose given axis is stored last."""
    order = [axis for axis in range(len(shape)) if axis != last] + [last]
    stored = strides_of([shape[axis] for axis in order])
    return tuple(stored[order.index(axis)] for axis in range(len(shape)))


def _read(b: PlainBuilder, data: Node, axis: int, shape: Shape, place: Place) -> Node:
    """Return what a reader reads, from the array stored the other way round."""
    values = np.asarray(data.value)
    stored = b.data(np.squeeze(np.moveaxis(values, axis, -1)))
    inner = (0, _strides(data.shape, axis))
    found = composed(shape, place, data.shape, inner)
    return b.view(stored, shape, *(found or place))
