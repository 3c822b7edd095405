"""Numbers of three kinds behind one small algebra, so that a function is written once.

An elementary function asks its numbers for + - * and comparisons, and everything else
of a `Lanes`: the same source then computes on numpy arrays (`elementary.arrays`), on
Python floats (`elementary.floats`) and on LLVM values (`exmc.native.llvm_lanes`). Each
operation is one that IEEE 754 rounds in one way only, so the three agree bit for bit;
NaN may differ in its sign and payload.
"""

from __future__ import annotations

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

    def exp(self, x: Number, /) -> Number:
        """Return what `elementary.exponential.exp` does; machine code may call it."""
        ...

    def log(self, x: Number, /) -> Number:
        """Return what `elementary.logarithm.log` does; machine code may call it."""
        ...


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
