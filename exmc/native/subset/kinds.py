"""The types of the subset, and the values that have them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Kind:
    """A type of the subset.

    Attributes:
        name: As annotations have it.
        parts: The LLVM types that a value consists of.
    """

    name: str
    parts: tuple[str, ...]


FLOAT: Final = Kind("float", ("double",))
INT: Final = Kind("int", ("i64",))
BOOL: Final = Kind("bool", ("i1",))
NONE: Final = Kind("None", ())
VECTOR: Final = Kind("Vector", ("ptr", "i64"))
INTEGERS: Final = Kind("Integers", ("ptr", "i64"))
MATRIX: Final = Kind("Matrix", ("ptr", "i64", "i64"))
DENSITY: Final = Kind("Density", ("ptr",))

KINDS: Final[Mapping[str, Kind]] = {
    kind.name: kind
    for kind in (FLOAT, INT, BOOL, NONE, VECTOR, INTEGERS, MATRIX, DENSITY)
} | {"Rows": MATRIX}
"""By annotation."""

NUMBERS: Final = (FLOAT, INT, BOOL)


@dataclass(frozen=True, slots=True)
class Value:
    """Names or literals of LLVM, one for each part of the kind.

    A vector: pointer, length. A matrix: pointer, rows, columns. A density: pointer to
    the addresses of its code and of its context.
    """

    kind: Kind
    parts: tuple[str, ...]

    @property
    def text(self) -> str:
        """The only part of a number, or the pointer of an array."""
        return self.parts[0]


def number(kind: Kind, text: str) -> Value:
    """Return a value of one part."""
    return Value(kind, (text,))
