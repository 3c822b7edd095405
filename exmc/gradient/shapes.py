"""Shape of each operation's value, and what its arguments must be."""

from __future__ import annotations

import operator
import sys
from math import prod
from typing import TYPE_CHECKING, Final

from exmc.gradient.attributes import axes_of, place_of, places_of
from exmc.gradient.program import BINARY, POINTWISE, UNARY

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from exmc.gradient.node import Node
    from exmc.gradient.program import Shape


def shape_of(node: Node) -> Shape:
    """Return the shape that an operation's value has.

    Args:
        node: With op, args and attributes; its shape is read for view, scatter and
            assemble alone, which may have any.

    Raises:
        ValueError: Its arguments do not fit the operation.
    """
    if node.op in POINTWISE:
        return pointwise_shape(node)
    rule, counts, attributes = RULES[node.op]
    _check(node, len(node.args) in counts)
    _check(node, tuple(name for name, _ in node.attributes) == attributes)
    return rule(node, *node.args)


def leaf_shape(node: Node, dim: int, slots: Sequence[tuple[str, Shape]]) -> Shape:
    """Return the shape of the input, of a constant or of the data of a slot.

    Raises:
        LookupError, TypeError: It is none of these.
    """
    match node.op:
        case "input":
            return (dim,)
        case "const":
            return () if isinstance(node["value"], float) else (-1,)
        case "data":
            return slots[operator.index(node["slot"])][1]  # type: ignore[arg-type]
        case _:
            raise LookupError(node.op)


def strides_of(shape: Sequence[int]) -> tuple[int, ...]:
    """Return the strides, in entries, of an array in row-major order."""
    strides = [1] * len(shape)
    for axis in range(len(shape) - 1, 0, -1):
        strides[axis - 1] = strides[axis] * shape[axis]
    return tuple(strides)


def _check(node: Node, fits: bool) -> None:  # noqa: FBT001 - it reads as a sentence
    if not fits:
        raise _misfit(node)


def _misfit(node: Node) -> ValueError:
    shapes = ", ".join(str(arg.shape) for arg in node.args)
    return ValueError(
        f"{node.op} does not take arguments of shapes {shapes} "
        f"with {dict(node.attributes)} to {node.shape}."
    )


def pointwise_shape(node: Node) -> Shape:
    """Return the shape of a pointwise operation's value.

    Raises:
        ValueError: Its arguments do not fit the operation.
    """
    shape: Shape = ()
    for arg in node.args:
        if arg.shape and arg.shape != shape:
            if shape:
                raise _misfit(node)
            shape = arg.shape
        if arg.op == "index":
            raise _misfit(node)
    if node.attributes or len(node.args) not in ARITY.get(node.op, FOLDED):
        raise _misfit(node)
    return shape


def _within(size: int, shape: Shape, offset: int, strides: Sequence[int]) -> bool:
    """Tell whether each entry of a view lies inside an array of that size."""
    if len(shape) != len(strides):
        return False
    if 0 in shape:
        return True
    reach = [(n - 1) * s for n, s in zip(shape, strides, strict=True)]
    low = offset + sum(r for r in reach if r < 0)
    return low >= 0 and offset + sum(r for r in reach if r > 0) < size


def _view(node: Node, x: Node) -> Shape:
    _check(node, _within(x.size, node.shape, *place_of(node)))
    return node.shape


def _gather(node: Node, x: Node, index: Node) -> Shape:
    _check(node, index.is_index and not x.is_index)
    return index.shape


def _scatter(node: Node, x: Node, index: Node) -> Shape:
    _check(node, index.is_index and x.shape == index.shape)
    return node.shape


def _assemble(node: Node, *parts: Node) -> Shape:
    places = places_of(node)
    _check(node, len(places) == len(parts))
    for part, place in zip(parts, places, strict=True):
        _check(node, _within(node.size, part.shape, *place))
    return node.shape


def _reduction(node: Node, x: Node) -> Shape:
    axes = axes_of(node)
    _check(node, list(axes) == sorted({*axes} & {*range(len(x.shape))}))
    return tuple(n for axis, n in enumerate(x.shape) if axis not in axes)


def _combine(node: Node, m: Node, x: Node) -> Shape:
    _check(node, len(m.shape) == 2 and x.shape == m.shape[:1])
    return m.shape[1:]


def _project(node: Node, m: Node, g: Node) -> Shape:
    _check(node, len(m.shape) == 2 and g.shape == m.shape[1:])
    return m.shape[:1]


def _recur(node: Node, a: Node, x: Node) -> Shape:
    _check(node, x.shape != () and a.shape in {(), x.shape})
    return x.shape


def _square(node: Node, a: Node) -> None:
    _check(node, len(a.shape) == 2 and a.shape[0] == a.shape[1])


def _cholesky(node: Node, a: Node, *gradient: Node) -> Shape:
    _square(node, a)
    _check(node, all(g.shape == a.shape for g in gradient))
    return a.shape


def _solve_lower(node: Node, lower: Node, b: Node) -> Shape:
    _square(node, lower)
    _check(node, len(b.shape) in {1, 2} and b.shape[0] == lower.shape[0])
    return b.shape


def _gaussian(node: Node, k: Node, r: Node) -> Shape:
    _square(node, k)
    _check(node, r.shape == k.shape[:1])
    return (1 + r.size + prod(k.shape),)


ONE, TWO, THREE = range(1, 2), range(2, 3), range(3, 4)
ANY: Final = range(sys.maxsize)
FOLDED: Final = range(2, sys.maxsize)
ARITY: Final = {
    **dict.fromkeys(UNARY, ONE),
    **dict.fromkeys(BINARY, TWO),
    "where": THREE,
}

RULES: Final[dict[str, tuple[Callable[..., Shape], range, tuple[str, ...]]]] = {
    "view": (_view, ONE, ("offset", "strides")),
    "gather": (_gather, TWO, ()),
    "scatter": (_scatter, TWO, ()),
    "assemble": (_assemble, ANY, ("places",)),
    "sum": (_reduction, ONE, ("axes",)),
    "amax": (_reduction, ONE, ("axes",)),
    "combine": (_combine, TWO, ()),
    "project": (_project, TWO, ()),
    "recur": (_recur, TWO, ("reverse",)),
    "cholesky": (_cholesky, ONE, ()),
    "cholesky_back": (_cholesky, TWO, ()),
    "solve_lower": (_solve_lower, TWO, ("transposed",)),
    "gaussian": (_gaussian, TWO, ()),
}
"""By operation: what finds the shape, how many arguments, and the attributes' names."""
