"""An operation's attributes, with the types that its name implies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeAlias, cast

if TYPE_CHECKING:
    from exmc.gradient.program import Attribute

Place: TypeAlias = tuple[int, tuple[int, ...]]
"""Offset and strides, in entries."""


class Attributed(Protocol):
    """An instruction, or a node."""

    def __getitem__(self, name: str) -> Attribute: ...


def place_of(view: Attributed) -> Place:
    """Return where a view reads."""
    return cast("int", view["offset"]), cast("tuple[int, ...]", view["strides"])


def places_of(assemble: Attributed) -> tuple[Place, ...]:
    """Return where the parts of an assemble stand, in order."""
    return cast("tuple[Place, ...]", assemble["places"])


def axes_of(reduction: Attributed) -> tuple[int, ...]:
    """Return the axes that go away."""
    return cast("tuple[int, ...]", reduction["axes"])
