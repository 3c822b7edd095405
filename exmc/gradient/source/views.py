"""Views of arrays as numpy indexing, the cheapest that does."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

from exmc.gradient.shapes import strides_of
from exmc.gradient.source.expression import Expression, atom, tuple_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from exmc.gradient.attributes import Place
    from exmc.gradient.program import Shape


def real_shape(shape: Shape, strides: Sequence[int]) -> Shape:
    """Return the shape with 1 for each axis along which all entries are one.

    () if that is so for every axis.
    """
    real = tuple(1 if s == 0 else n for n, s in zip(shape, strides, strict=True))
    return () if prod(real) == 1 else real


def view_of(text: str, source: Shape, shape: Shape, place: Place) -> Expression:
    """Return a view that has more than one entry.

    Args:
        text: Of the array that is read, an atom.
        source: Its shape.
        shape: Of the view.
        place: Offset and strides in entries; axes of stride 0 get length 1.
    """
    offset, strides = place
    real = real_shape(shape, strides)
    axes = [axis for axis, n in enumerate(real) if n != 1]
    if offset == 0 and prod(real) == prod(source):
        if all(strides[a] == strides_of(real)[a] for a in axes):
            return atom(_reshaped(text, source, real), real)
        if real == source[::-1] and strides == strides_of(source)[::-1]:
            return atom(f"{text}.T", real)
    if len(axes) == 1:
        flat = text if len(source) == 1 else f"{text}.reshape(-1)"
        length, step = real[axes[0]], strides[axes[0]]
        sliced = f"{flat}[{slice_text(offset, length, step)}]"
        return atom(_reshaped(sliced, (length,), real), real)
    size = 8  # bytes of a float64
    steps = tuple_text(tuple(size * s for s in strides))
    buffer = f"ascontiguousarray({text})"
    made = f"ndarray({tuple_text(real)}, float64, {buffer}, {size * offset}, {steps})"
    return atom(made, real)


def slice_text(offset: int, length: int, step: int) -> str:
    """Return what stands between the brackets to read so many entries of a vector."""
    stop = offset + step * length
    end = "" if stop < 0 else str(stop if step < 0 else stop - step + 1)
    return f"{offset}:{end}" + ("" if step == 1 else f":{step}")


def _reshaped(text: str, source: Shape, shape: Shape) -> str:
    return text if source == shape else f"{text}.reshape{tuple_text(shape)}"
