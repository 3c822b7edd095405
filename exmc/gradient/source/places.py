"""Writing parts into their places in a vector."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, NamedTuple

from exmc.gradient.source.expression import tuple_text
from exmc.gradient.source.views import slice_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from exmc.gradient.attributes import Place
    from exmc.gradient.program import Shape


class Part(NamedTuple):
    """Something that goes to a place.

    Attributes:
        text: Of an expression that broadcasts to the shape.
        shape: Of the part.
        place: Offset and strides, in entries.
    """

    text: str
    shape: Shape
    place: Place


def covers(parts: Iterable[Part], size: int) -> bool:
    """Tell whether parts that do not overlap leave no entry out."""
    return sum(prod(part.shape) for part in parts) == size


def writes(parts: Sequence[Part], target: str) -> list[str]:
    """Return the lines that write each part into a vector."""
    return [f"{_where(part, target)} = {part.text}" for part in parts]


def _where(part: Part, target: str) -> str:
    """Return text of the entries that a part takes, in its shape."""
    offset, strides = part.place
    shape = part.shape
    if prod(shape) == 1:
        index = f"{offset}" if not shape else f"{offset}:{offset + 1}"
        return f"{target}[{index}]"
    if len(shape) == 1:
        return f"{target}[{slice_text(offset, shape[0], strides[0])}]"
    steps = tuple_text(tuple(8 * s for s in strides))
    strided = f"ndarray({tuple_text(shape)}, float64, {target}, {8 * offset}, {steps})"
    return f"{strided}[...]"
