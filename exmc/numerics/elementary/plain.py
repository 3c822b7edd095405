"""Operations that IEEE 754 defines, over any lanes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from exmc.numerics.lanes import Lanes, Number

_WHOLE: Final = 2.0**52
"""From here on every float64 is whole."""


def neg(_lanes: Lanes, x: Number) -> Number:
    """Return -x."""
    return -x


def recip(lanes: Lanes, x: Number) -> Number:
    """Return 1 / x."""
    return lanes.divide(1.0, x)


def sqrt(lanes: Lanes, x: Number) -> Number:
    """Return the square root; NaN below zero."""
    return lanes.sqrt(x)


def absolute(lanes: Lanes, x: Number) -> Number:
    """Return |x|."""
    return lanes.abs(x)


def sign(lanes: Lanes, x: Number) -> Number:
    """Return -1, 1, or x itself where it is zero or NaN."""
    return lanes.where(x > 0.0, 1.0, lanes.where(x < 0.0, -1.0, x))


def floor(lanes: Lanes, x: Number) -> Number:
    """Return the largest whole number not above x."""
    size = lanes.abs(x)
    near = (size + _WHOLE) - _WHOLE
    near = lanes.where(x < 0.0, -near, near)
    down = lanes.where(near > x, near - 1.0, near)
    inside = (size < _WHOLE) & (size > 0.0)
    return lanes.where(inside, down, x)


def maximum(lanes: Lanes, x: Number, y: Number) -> Number:
    """Return the larger, y of equal ones, NaN if either is."""
    other = lanes.where(lanes.equal(x, x), y, x)
    return lanes.where(x > y, x, other)


def minimum(lanes: Lanes, x: Number, y: Number) -> Number:
    """Return the smaller, y of equal ones, NaN if either is."""
    other = lanes.where(lanes.equal(x, x), y, x)
    return lanes.where(x < y, x, other)


def less(lanes: Lanes, x: Number, y: Number) -> Number:
    """Return 1.0 where x < y, else 0.0."""
    return lanes.where(x < y, 1.0, 0.0)


def less_or_equal(lanes: Lanes, x: Number, y: Number) -> Number:
    """Return 1.0 where x <= y, else 0.0."""
    return lanes.where(x <= y, 1.0, 0.0)


def equal(lanes: Lanes, x: Number, y: Number) -> Number:
    """Return 1.0 where x == y, else 0.0."""
    return lanes.where(lanes.equal(x, y), 1.0, 0.0)


def where(lanes: Lanes, condition: Number, x: Number, y: Number) -> Number:
    """Return y where the condition is 0.0, else x; a NaN condition is not 0.0."""
    return lanes.where(lanes.equal(condition, 0.0), y, x)
