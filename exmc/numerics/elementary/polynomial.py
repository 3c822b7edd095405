"""Polynomials in the order of operations that every implementation shares."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from exmc.numerics.lanes import Number


def polynomial(x: Number, coefficients: Sequence[float]) -> Number:
    """Evaluate at x, lowest power first, by Estrin's scheme.

    Neighbours are joined in pairs by x, the pairs by x**2, and so on: a third of the
    waiting of Horner's scheme, and two coefficients or more.
    """
    terms: list[Number] = list(coefficients)
    power = x
    while True:
        paired = [terms[i] + terms[i + 1] * power for i in range(0, len(terms) - 1, 2)]
        terms = paired + terms[2 * len(paired) :]
        if len(terms) == 1:
            return terms[0]
        power = power * power
