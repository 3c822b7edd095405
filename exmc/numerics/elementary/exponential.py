"""The exponential and what is made of it.

Cody & Waite (1980), ch. 6: exp(x) = 2**k exp(r) with |r| <= log(2)/2, and a minimax
polynomial for exp(r).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from exmc.numerics.elementary.polynomial import polynomial

if TYPE_CHECKING:
    from exmc.numerics.lanes import Lanes, Number

SMALLEST: Final = -708.3964185322641
"""Exp is 0 below: the logarithm of the smallest normal number, 2**-1022."""
LARGEST: Final = 709.782712893384
"""Exp is infinite above: the logarithm of the largest number."""
MAGIC: Final = 1.5 * 2.0**52
"""Added and subtracted, rounds a number of up to 50 bits to a whole one."""

LOG2_HIGH: Final = 6.93147180369123816490e-01
LOG2_LOW: Final = 1.90821492927058770002e-10
"""The logarithm of 2 in two parts; the first has 21 bits to spare (fdlibm)."""
PER_LOG2: Final = 1.4426950408889634

# (exp(r) - 1 - r) / r**2 on |r| <= 0.3467; weighted by exp(-r) the error is 4e-18.
EXP: Final = (
    0.5000000000000011,
    0.1666666666666641,
    0.04166666666652976,
    0.008333333333495098,
    0.0013888888943755578,
    0.00019841269505551997,
    2.4801492950834088e-05,
    2.7557586969020944e-06,
    2.7630306654154433e-07,
    2.4999976046919045e-08,
)


def _reduced(x: Number) -> tuple[Number, Number]:
    """Return k and exp(r) - 1."""
    k = (x * PER_LOG2 + MAGIC) - MAGIC
    r = (x - k * LOG2_HIGH) - k * LOG2_LOW
    return k, r + (r * r) * polynomial(r, EXP)


def exp(lanes: Lanes, x: Number) -> Number:
    """Return e to the power x; 0 instead of a subnormal answer.

    Relative error below 2e-16 where the answer is normal.
    """
    k, rest = _reduced(x)
    value = lanes.scaled(1.0 + rest, k)
    # A product, because it keeps NaN as well.
    value = lanes.where(x <= LARGEST, value, x * math.inf)
    return lanes.where(x < SMALLEST, 0.0, value)


def expm1(lanes: Lanes, x: Number) -> Number:
    """Return exp(x) - 1; relative error below 3e-16 everywhere."""
    k, rest = _reduced(x)
    one = lanes.where(k < 60.0, lanes.scaled(lanes.constant(1.0), -k), 0.0)
    value = lanes.scaled(rest + (1.0 - one), k)
    value = lanes.where(x <= LARGEST, value, x * math.inf)
    return lanes.where(x < -40.0, -1.0, value)


def tanh(lanes: Lanes, x: Number) -> Number:
    """Return the hyperbolic tangent; relative error below 4e-16 everywhere.

    It is t / (2 + t) up to the sign, for t = exp(-2|x|) - 1.
    """
    t = expm1(lanes, -2.0 * lanes.abs(x))
    size = lanes.divide(-t, 2.0 + t)
    return lanes.where(x < 0.0, -size, size)


def sigmoid(lanes: Lanes, x: Number) -> Number:
    """Return 1 / (1 + exp(-x)); relative error below 4e-16, 0 for x < -708.4."""
    decay = lanes.exp(-lanes.abs(x))
    return lanes.divide(lanes.where(x >= 0.0, 1.0, decay), 1.0 + decay)
