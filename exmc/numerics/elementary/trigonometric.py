"""Sine, cosine and arctangent: reduction to a short range, then a polynomial.

Sine and cosine subtract whole multiples of pi/2 in three parts (Cody & Waite 1980,
ch. 8); the parts are fdlibm's, of which the first two have 33 bits, so that they
times a whole number below 2**20 are exact. Beyond `LARGEST_ANGLE` the answer is NaN
rather than one of few digits.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from exmc.numerics.elementary.exponential import MAGIC
from exmc.numerics.elementary.polynomial import polynomial

if TYPE_CHECKING:
    from exmc.numerics.lanes import Lanes, Number

LARGEST_ANGLE: Final = 1e6
"""Radians; larger ones have no sine here."""

_PER_QUARTER: Final = 0.6366197723675814
_QUARTER: Final = (
    1.57079632673412561417e00,
    6.07710050630396597660e-11,
    2.02226624879595063154e-21,
)

# In z = r**2, for |r| <= pi/4: minimax, errors 4e-18 and 9e-17 of the last term's.
# (sin(r) / r - 1) / z, and (cos(r) - 1 + z/2) / z**2.
_SIN: Final = (
    *(-0.16666666666666632, 0.008333333333322413, -0.00019841269829807472),
    *(2.755731369175114e-06, -2.5050758080089258e-08, 1.5896793139588473e-10),
)
_COS: Final = (
    *(0.041666666666666595, -0.0013888888888873047, 2.480158728884437e-05),
    *(-2.7557314176951936e-07, 2.087570049870779e-09, -1.1358517684734895e-11),
)
# (atan(w) / w - 1) / w**2 for |w| <= tan(pi/8): minimax, error 1e-18.
_ATAN: Final = (
    *(-0.333333333333332, 0.19999999999954, -0.142857142802397),
    *(0.11111110785681572, -0.09090897822957245, 0.07692061390926026),
    *(-0.06663117516051541, 0.058479875460168355, -0.0503974696348837),
    *(0.03807576030038991, -0.01791941367131535),
)
_TAN_EIGHTH: Final = 0.41421356237309503
_TAN_THREE_EIGHTHS: Final = 2.414213562373095


def _reduced(x: Number) -> tuple[Number, Number, Number]:
    """Return the quarter turns modulo 4, and sine and cosine of what is left."""
    k = (x * _PER_QUARTER + MAGIC) - MAGIC
    r = ((x - k * _QUARTER[0]) - k * _QUARTER[1]) - k * _QUARTER[2]
    turns = (k * 0.25 - 0.375 + MAGIC) - MAGIC
    z = r * r
    sine = r + r * (z * polynomial(z, _SIN))
    cosine = 1.0 - (0.5 * z - (z * z) * polynomial(z, _COS))
    return k - 4.0 * turns, sine, cosine


def _turned(
    lanes: Lanes, x: Number, quarters: Number, even: Number, odd: Number
) -> Number:
    """Return sin(x) from quarters in 0 ... 4 and its values for 0 and for 1."""
    rest = lanes.where(quarters >= 2.0, quarters - 2.0, quarters)
    value = lanes.where(rest >= 1.0, odd, even)
    value = lanes.where(quarters >= 2.0, -value, value)
    return lanes.where(lanes.abs(x) <= LARGEST_ANGLE, value, math.nan)


def sin(lanes: Lanes, x: Number) -> Number:
    """Return the sine of x radians; relative error below 4e-16 for |x| <= 1e6."""
    quarters, sine, cosine = _reduced(x)
    return _turned(lanes, x, quarters, sine, cosine)


def cos(lanes: Lanes, x: Number) -> Number:
    """Return the cosine of x radians; relative error below 4e-16 for |x| <= 1e6."""
    quarters, sine, cosine = _reduced(x)
    return _turned(lanes, x, quarters, cosine, -sine)


def atan(lanes: Lanes, x: Number) -> Number:
    """Return the arctangent, by those of -1/|x| and (|x| - 1) / (|x| + 1).

    Relative error below 3e-16 everywhere.
    """
    size = lanes.abs(x)
    big, middle = size > _TAN_THREE_EIGHTHS, size > _TAN_EIGHTH
    above = lanes.where(big, -1.0, lanes.where(middle, size - 1.0, size))
    below = lanes.where(big, size, lanes.where(middle, size + 1.0, 1.0))
    w = lanes.divide(above, below)
    start = lanes.where(big, math.pi / 2.0, lanes.where(middle, math.pi / 4.0, 0.0))
    z = w * w
    value = start + (w + w * (z * polynomial(z, _ATAN)))
    return lanes.where(x < 0.0, -value, value)
