"""Rules of what moves, repeats or joins entries and computes nothing."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING, Any

import numpy as np

from exmc.gradient.lowering.masking import masked
from exmc.gradient.lowering.places import placed, rearranged
from exmc.gradient.shapes import strides_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from exmc.gradient.lowering.lowering import Given, Lowering
    from exmc.gradient.lowering.table import Rule, Rules
    from exmc.gradient.node import Node

VIEWS = (
    "atleast_1d",
    "atleast_2d",
    "atleast_3d",
    "broadcast_to",
    "diagonal",
    "expand_dims",
    "flip",
    "fliplr",
    "flipud",
    "matrix_transpose",
    "moveaxis",
    "permute_dims",
    "ravel",
    "repeat",
    "reshape",
    "roll",
    "rollaxis",
    "rot90",
    "squeeze",
    "swapaxes",
    "tile",
    "transpose",
)
"""Functions of one array and of plain arguments that move its entries about."""


def _moved(function: Callable[..., Any]) -> Rule:
    def rule(low: Lowering, x: Given, *options: Given, **more: Given) -> Node:
        for option in (*options, *more.values()):
            low.plain(option)

        def move(node: Node) -> Node:
            return rearranged(
                low.build, node, lambda a: np.asarray(function(a, *options, **more))
            )

        return masked(low, low.node(x), move)

    return rule


def _pieces(function: Callable[..., Any]) -> Rule:
    """Return the rule of a function that cuts an array into several."""

    def rule(low: Lowering, x: Given, *options: Given, **more: Given) -> Given:
        node = low.node(x)

        def piece(n: int) -> Callable[[Any], Any]:
            return lambda a: function(a, *options, **more)[n]

        pieces = len(low.step.value)
        return tuple(rearranged(low.build, node, piece(n)) for n in range(pieces))

    return rule


def _diag(low: Lowering, x: Given, k: Given = 0) -> Node:
    node = low.node(x)
    if len(node.shape) == 1:
        return placed(low.build, node, low.shape, lambda a: np.diagonal(a, k))
    return rearranged(low.build, node, lambda a: np.diagonal(a, k))


def _make_diagonal(
    low: Lowering, x: Given, offset: Given = 0, axis1: Given = 0, axis2: Given = 1
) -> Node:
    return placed(
        low.build,
        low.node(x),
        low.shape,
        lambda a: np.diagonal(a, offset, axis1, axis2),
    )


def _triangle(function: Callable[..., Any]) -> Rule:
    """Return the rule of a function that puts zeros on one side of a diagonal."""

    def rule(low: Lowering, x: Given, k: Given = 0) -> Node:
        node = low.node(x)
        kept = low.build.data(function(np.ones(node.shape), k))
        return low.build.pointwise("where", kept, node, low.build.const(0.0))

    return rule


def _pad(
    low: Lowering, x: Given, width: Given, mode: Given = "constant", **more: Given
) -> Node:
    if mode != "constant" or np.any(more.get("constant_values", 0)):
        raise low.refuse("pads with other numbers than zeros")
    node = low.node(x)
    widths = np.broadcast_to(np.asarray(width), (len(node.shape), 2))
    inside = tuple(
        slice(w[0], w[0] + n) for w, n in zip(widths, node.shape, strict=True)
    )
    return placed(low.build, node, low.shape, lambda a: a[inside])


# Joining


def joined(low: Lowering, parts: Sequence[Node], axis: int) -> Node:
    """Return parts one after the other along an axis."""
    shape, strides = low.shape, strides_of(low.shape)
    ends = list(accumulate(part.shape[axis] for part in parts))
    places = [
        ((end - part.shape[axis]) * strides[axis], strides)
        for end, part in zip(ends, parts, strict=True)
    ]
    return _assembled(low, parts, places, shape)


def _assembled(low: Lowering, parts: Sequence[Node], places: Any, shape: Any) -> Node:  # noqa: ANN401 - pairs of numbers
    full = [n for n, part in enumerate(parts) if part.size]
    return low.build.assemble(
        [parts[n] for n in full], [places[n] for n in full], shape
    )


def _concatenate(low: Lowering, axis: Given, *parts: Given) -> Node:
    nodes = [low.node(part) for part in parts]
    if axis is None:
        nodes = [low.build.reshape(node, (node.size,)) for node in nodes]
    return joined(low, nodes, 0 if axis is None else axis % len(low.shape))


def _array_from_parts(
    low: Lowering, _options: Given, _more: Given, *parts: Given
) -> Node:
    """Stack parts of one shape; options of np.array change nothing in floats."""
    nodes = [low.node(part) for part in parts]
    if len(nodes[0].shape) + 1 != len(low.shape):
        raise low.refuse("has ndmin")
    strides = strides_of(low.shape)
    places = [(n * strides[0], strides[1:]) for n, _ in enumerate(nodes)]
    return _assembled(low, nodes, places, low.shape)


def _array_from_one(low: Lowering, _options: Given, _more: Given, x: Given) -> Node:
    node = low.node(x)
    return node if node.shape == low.shape else low.build.reshape(node, low.shape)


def _full(low: Lowering, _shape: Given, fill: Given, **_more: Given) -> Node:
    return low.build.broadcast(low.node(fill), low.shape)


def _full_like(low: Lowering, _x: Given, fill: Given, **_more: Given) -> Node:
    return low.build.broadcast(low.node(fill), low.shape)


def _of_ones(number: float) -> Rule:
    def rule(low: Lowering, *_arguments: Given, **_more: Given) -> Node:
        return low.build.broadcast(low.build.const(number), low.shape)

    return rule


_COMPUTED: Rules = {
    "_array_from_scalar_or_array": _array_from_one,
    "array_from_args": _array_from_parts,
    "array_split": _pieces(np.array_split),
    "concatenate_args": _concatenate,
    "diag": _diag,
    "dsplit": _pieces(np.dsplit),
    "full": _full,
    "full_like": _full_like,
    "hsplit": _pieces(np.hsplit),
    "make_diagonal": _make_diagonal,
    "ones_like": _of_ones(1.0),
    "pad": _pad,
    "split": _pieces(np.split),
    "tril": _triangle(np.tril),
    "triu": _triangle(np.triu),
    "vsplit": _pieces(np.vsplit),
    "zeros_like": _of_ones(0.0),
}

RULES: Rules = _COMPUTED | {
    name: _moved(getattr(np, name)) for name in VIEWS if hasattr(np, name)
}
"""By the names of autograd's numpy."""
