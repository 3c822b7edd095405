"""Polynomials in the order of operations that every implementation shares."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from exmc.numerics.lanes import Number

_SHORT: Final = 5
"""Up to so many coefficients, one chain of operations waits little for itself."""


def polynomial(x: Number, coefficients: Sequence[float]) -> Number:
    """Evaluate at x, lowest power first; two coefficients or more.

    Short ones by Horner's scheme; of longer ones the even and the odd part, each by
    itself, so that a processor can work on both at a time.
    """
    if len(coefficients) > _SHORT:
        square = x * x
        odd = x * polynomial(square, coefficients[1::2])
        return polynomial(square, coefficients[::2]) + odd
    total: Number = coefficients[-1]
    for coefficient in coefficients[-2::-1]:
        total = coefficient + total * x
    return total
