"""Rules of x[index], of its way back, and of tuples.

Slices and whole numbers are part of the program; index arrays and masks are data, so
that other data of the same shapes reuse the program.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from exmc.gradient.backward import dense, total
from exmc.gradient.library import ADD, GETITEM, UNTAKE, sequences
from exmc.gradient.lowering.places import (
    added,
    gathered,
    placed,
    positions,
    rearranged,
)
from exmc.gradient.lowering.table import register, register_names

if TYPE_CHECKING:
    from exmc.gradient.lowering.lowering import Given, Lowering
    from exmc.gradient.lowering.table import Rules
    from exmc.gradient.node import Node


def _entries(low: Lowering, index: Given) -> tuple[Any, ...]:
    """Return an index as a tuple that numpy answers with an array, never a number."""
    entries = index if isinstance(index, tuple) else (index,)
    for entry in entries:
        low.plain(entry)
    if any(entry is Ellipsis for entry in entries):
        return entries
    return (*entries, ...)


def _is_basic(entries: tuple[Any, ...]) -> bool:
    """Tell whether numpy answers an index without copying."""
    return all(
        entry is None
        or entry is Ellipsis
        or isinstance(entry, slice)
        or (isinstance(entry, int | np.integer) and not isinstance(entry, bool))
        for entry in entries
    )


def _getitem(low: Lowering, x: Given, index: Given) -> Node:
    entries, node = _entries(low, index), low.node(x)
    if _is_basic(entries):
        return rearranged(low.build, node, lambda a: a[entries])
    return gathered(low.build, node, positions(node.shape, lambda a: a[entries]))


def _untake(low: Lowering, gradient: Given, index: Given, space: Given) -> Node:
    """Write the gradient where x[index] read; it is an array here, not sparse."""
    entries, node = _entries(low, index), low.node(gradient)
    if _is_basic(entries):
        return placed(low.build, node, space.shape, lambda a: a[entries])
    at = positions(space.shape, lambda a: a[entries])
    return added(low.build, node, space.shape, at)


def _dense(low: Lowering, gradient: Given) -> Given:
    return gradient if isinstance(gradient, tuple) else low.node(gradient)


def _total(low: Lowering, *parts: Given) -> Node:
    return low.build.add(*map(low.node, parts))


# Tuples are tuples of nodes


def _container_take(low: Lowering, parts: Given, index: Given) -> Given:
    if not isinstance(parts, tuple):
        raise low.refuse("is of a kind that has no rule")
    return parts[index]


def _container_untake(
    low: Lowering, gradient: Given, index: Given, space: Given
) -> tuple[Node, ...]:
    parts = [_zeros(low, part.shape) for part in space.shape]
    parts[index] = low.node(gradient)
    return tuple(parts)


def _zeros(low: Lowering, shape: tuple[int, ...]) -> Node:
    return low.build.broadcast(low.build.const(0.0), shape)


def _make_sequence(low: Lowering, _kind: Given, *parts: Given) -> tuple[Node, ...]:
    return tuple(map(low.node, parts))


def _added(low: Lowering, _space: Given, x: Given, y: Given) -> Given:
    if isinstance(x, tuple):
        pairs = zip(x, y, strict=True)
        return tuple(low.build.add(low.node(one), low.node(two)) for one, two in pairs)
    return low.build.add(low.node(x), low.node(y))


RULES: Rules = {
    "container_take": _container_take,
    "container_untake": _container_untake,
    "make_sequence": _make_sequence,
}
"""By the names of autograd's tuples."""


def register_indexing() -> None:
    """Register the rules of this module."""
    register_names(vars(sequences), RULES)
    for primitive, rule in (
        (GETITEM, _getitem),
        (UNTAKE, _untake),
        (ADD, _added),
        (dense, _dense),
        (total, _total),
    ):
        register(primitive, rule)
