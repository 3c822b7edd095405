"""Lanes of numpy arrays, in two kinds: the same bits everywhere, or numpy's own speed.

numpy may warn of overflow and of invalid operations; a caller that minds wraps itself
in `np.errstate`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from exmc.numerics.elementary import exponential, logarithm

if TYPE_CHECKING:
    from exmc.numerics.lanes import Mask
    from exmc.typing import Array

_MAGIC: Final = 1.5 * 2.0**52
"""A whole number added to it stands in the lowest bits."""
_SQRT_HALF: Final = 0.7071067811865476


class ArrayLanes:
    """Arrays of any shape, and numpy's float64."""

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

    def exp(self, x: Array, /) -> Array:
        """See `Lanes`."""
        value: Array = exponential.exp(self, x)
        return value

    def log(self, x: Array, /) -> Array:
        """See `Lanes`."""
        value: Array = logarithm.log(self, x)
        return value


class QuickLanes(ArrayLanes):
    """The same with numpy's exp and log, whose last bits are the processor's own."""

    def exp(self, x: Array, /) -> Array:
        """See `Lanes`."""
        return np.exp(x)

    def log(self, x: Array, /) -> Array:
        """See `Lanes`."""
        return np.log(x)


ARRAYS: Final = ArrayLanes()
QUICK: Final = QuickLanes()
