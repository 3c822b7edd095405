"""Numbers of three kinds behind one small algebra, so that a function is written once.

An elementary function asks its numbers for + - * and comparisons, and everything else
of a `Lanes`: the same source then computes on numpy arrays, on Python floats and, in
`exmc.native.llvm_lanes`, on LLVM values. Each operation is one that IEEE 754 rounds
in one way only, so the three agree bit for bit; NaN may differ in its sign and payload.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from exmc.typing import Array

Number: TypeAlias = Any
"""A float, a float64 array, or an LLVM value: `+`, `-`, `*` and comparisons."""

Mask: TypeAlias = Any
"""What a comparison of numbers gives; `&` and `|` join masks."""

LANES: Final = 8
"""Partial sums of a sum; also how many numbers machine code computes at a time."""

_MAGIC: Final = 1.5 * 2.0**52
"""A whole number added to it stands in the lowest bits."""
_SQRT_HALF: Final = 0.7071067811865476


class Lanes(Protocol):
    """What an elementary function may ask for besides operators.

    Rule: nothing raises and nothing branches on a number. Both sides of a `where` are
    computed; a side may hold any number at all where it is not taken.
    """

    def constant(self, x: float, /) -> Number:
        """Return a number that is the same in every lane."""
        ...

    def divide(self, x: Number, y: Number, /) -> Number:
        """Return x / y; by zero too."""
        ...

    def equal(self, x: Number, y: Number, /) -> Mask:
        """Return x == y, false for NaN."""
        ...

    def where(self, mask: Mask, x: Number, y: Number, /) -> Number:
        """Return x where the mask is set, else y."""
        ...

    def abs(self, x: Number, /) -> Number:
        """Return |x|."""
        ...

    def sqrt(self, x: Number, /) -> Number:
        """Return the square root, NaN below zero."""
        ...

    def scaled(self, x: Number, k: Number, /) -> Number:
        """Return x * 2**k for a whole k.

        Unless k is 0, x must be normal, and so must the answer; it is any number
        otherwise.
        """
        ...

    def split(self, x: Number, /) -> tuple[Number, Number]:
        """Return m in [sqrt(1/2), sqrt(2)) and a whole e, where x = m * 2**e.

        For a normal x above zero; both are any number otherwise.
        """
        ...


class FloatLanes:
    """Python floats, without Python's exceptions."""

    def constant(self, x: float, /) -> float:
        """See `Lanes`."""
        return x

    def divide(self, x: float, y: float, /) -> float:
        """See `Lanes`."""
        if y:
            return x / y
        return x * math.copysign(math.inf, y)

    def equal(self, x: float, y: float, /) -> bool:
        """See `Lanes`."""
        return x == y

    def where(self, mask: bool, x: float, y: float, /) -> float:  # noqa: FBT001 - a mask
        """See `Lanes`."""
        return x if mask else y

    def abs(self, x: float, /) -> float:
        """See `Lanes`."""
        return abs(x)

    def sqrt(self, x: float, /) -> float:
        """See `Lanes`."""
        return math.sqrt(x) if x >= 0.0 else math.nan

    def scaled(self, x: float, k: float, /) -> float:
        """See `Lanes`."""
        try:
            return math.ldexp(x, int(k))
        except (OverflowError, ValueError):
            return math.nan

    def split(self, x: float, /) -> tuple[float, float]:
        """See `Lanes`."""
        m, e = math.frexp(x)
        return (m, e) if m >= _SQRT_HALF else (2.0 * m, e - 1)


class NumpyLanes:
    """Arrays of any shape, and numpy's float64.

    numpy may warn of overflow and of invalid operations; a caller that minds wraps
    itself in `np.errstate`.
    """

    def constant(self, x: float, /) -> Array:
        """See `Lanes`."""
        return np.asarray(x)

    def divide(self, x: Array, y: Array, /) -> Array:
        """See `Lanes`."""
        return np.divide(x, y)

    def equal(self, x: Array, y: Array, /) -> Mask:
        """See `Lanes`."""
        return np.equal(x, y)

    def where(self, mask: Mask, x: Array, y: Array, /) -> Array:
        """See `Lanes`."""
        return np.where(mask, x, y)

    def abs(self, x: Array, /) -> Array:
        """See `Lanes`."""
        return np.abs(x)

    def sqrt(self, x: Array, /) -> Array:
        """See `Lanes`."""
        return np.sqrt(x)

    def scaled(self, x: Array, k: Array, /) -> Array:
        """See `Lanes`."""
        shift = (np.asarray(k) + _MAGIC).view(np.int64) << 52
        return (np.asarray(x).view(np.int64) + shift).view(np.float64)

    def split(self, x: Array, /) -> tuple[Array, Array]:
        """See `Lanes`."""
        m, e = np.frexp(x)
        low = m < _SQRT_HALF
        return np.where(low, 2.0 * m, m), np.subtract(e, low, dtype=np.float64)


FLOATS: Final = FloatLanes()
NUMPY: Final = NumpyLanes()


def lane_sum(x: Array) -> Array:
    """Sum along the last axis by the rule of eight partial sums.

    Entry i goes to partial sum i mod 8, each starting from 0.0; these are then added
    pairwise: (0+4, 1+5, 2+6, 3+7), (0+2, 1+3), (0+1).

    Args:
        x: Shape (..., n).

    Returns:
        Shape (...); 0.0 for n = 0.
    """
    n = x.shape[-1]
    whole = n - n % LANES
    rows = x[..., :whole].reshape(*x.shape[:-1], whole // LANES, LANES)
    partial = np.add.reduce(rows, axis=-2, initial=0.0)
    partial[..., : n - whole] += x[..., whole:]
    for half in (4, 2, 1):
        partial = partial[..., :half] + partial[..., half : 2 * half]
    total: Array = partial[..., 0]
    return total
