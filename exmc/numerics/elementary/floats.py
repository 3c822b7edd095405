"""Lanes of Python floats: one number at a time, and never an exception."""

from __future__ import annotations

import math
from typing import Final

from exmc.numerics.elementary import exponential, logarithm

_SQRT_HALF: Final = 0.7071067811865476


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

    def exp(self, x: float, /) -> float:
        """See `Lanes`."""
        value: float = exponential.exp(self, x)
        return value

    def log(self, x: float, /) -> float:
        """See `Lanes`."""
        value: float = logarithm.log(self, x)
        return value


FLOATS: Final = FloatLanes()
