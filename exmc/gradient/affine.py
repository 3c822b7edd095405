"""Affine ways of reading an array: offset and strides, as in views and places."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

import numpy as np

from exmc.gradient.shapes import strides_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from exmc.gradient.attributes import Place
    from exmc.gradient.program import Shape


def canonical(shape: Shape, strides: Sequence[int]) -> tuple[int, ...]:
    """Return strides in which those of axes of one entry, which move nothing, are 0."""
    return tuple(s if n != 1 else 0 for n, s in zip(shape, strides, strict=True))


def row_major(shape: Shape) -> tuple[int, ...]:
    """Return the canonical strides of an array in row-major order."""
    return canonical(shape, strides_of(shape))


def positions(shape: Shape, place: Place) -> NDArray[np.int64]:
    """Return the flat position of each entry."""
    offset, strides = place
    grid = np.full(shape, offset, dtype=np.int64)
    for axis, (n, stride) in enumerate(zip(shape, strides, strict=True)):
        steps = stride * np.arange(n)
        grid += steps.reshape([-1 if a == axis else 1 for a in range(len(shape))])
    return grid


def span(shape: Shape, place: Place) -> tuple[int, int]:
    """Return the lowest flat position, and the one after the highest."""
    offset, strides = place
    reach = [(n - 1) * s for n, s in zip(shape, strides, strict=True)]
    low = offset + sum(r for r in reach if r < 0)
    return low, offset + sum(r for r in reach if r > 0) + 1


def is_permutation(shape: Shape, strides: Sequence[int]) -> bool:
    """Tell whether the entries are as many neighbours as there are, in any order."""
    expected = 1
    axes = sorted(
        (abs(stride), n) for n, stride in zip(shape, strides, strict=True) if n != 1
    )
    for stride, n in axes:
        if stride != expected:
            return False
        expected *= n
    return True


def composed(shape: Shape, outer: Place, middle: Shape, inner: Place) -> Place | None:
    """Return the place of a view of a view in what the inner one reads.

    Args:
        shape: Of the outer view.
        outer: Its place in the inner one.
        middle: Shape of the inner view.
        inner: Its place.

    Returns:
        None if the view of the view is not affine.
    """
    offset, strides = inner
    if strides == row_major(middle):
        return outer[0] + offset, outer[1]
    low = _digits(outer[0], middle)
    steps = [_digits(s, middle) for s in canonical(shape, outer[1])]
    for axis, n in enumerate(middle):
        reach = [(m - 1) * step[axis] for m, step in zip(shape, steps, strict=True)]
        if low[axis] + sum(r for r in reach if r < 0) < 0:
            return None
        if low[axis] + sum(r for r in reach if r > 0) >= n:
            return None
    start = offset + _dot(low, strides)
    return start, tuple(_dot(step, strides) for step in steps)


def _digits(position: int, shape: Shape) -> list[int]:
    """Return a step in the flat array as steps along the axes, none beyond its end."""
    digits, rest, sign = [], abs(position), 1 if position >= 0 else -1
    for axis in range(len(shape)):
        below = prod(shape[axis + 1 :])
        digits.append(sign * (rest // below) if below else 0)
        rest = rest % below if below else 0
    return digits


def _dot(x: Sequence[int], y: Sequence[int]) -> int:
    return sum(a * b for a, b in zip(x, y, strict=True))
