"""Powers, by a logarithm with some bits more than a float has.

exp(y log x) magnifies the error of log x by |y log x|, which may be 700. So log x is
kept as a sum of two numbers, with an error near 2**-60 (Dekker 1971 for the products).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from exmc.numerics.elementary.exponential import LOG2_HIGH, LOG2_LOW
from exmc.numerics.elementary.logarithm import NEAR, SMALLEST_NORMAL
from exmc.numerics.elementary.plain import floor
from exmc.numerics.elementary.polynomial import polynomial

if TYPE_CHECKING:
    from exmc.numerics.lanes import Lanes, Number

_SPLITTER: Final = 2.0**27 + 1.0
_LARGEST_POWER: Final = 2.0**100
"""Every larger one gives 0, 1 or infinity too."""


def _halves(x: Number) -> tuple[Number, Number]:
    """Return two numbers of 26 bits that add to x."""
    wide = x * _SPLITTER
    high = wide - (wide - x)
    return high, x - high


def _product(x: Number, y: Number) -> tuple[Number, Number]:
    """Return x * y and its rounding error."""
    value = x * y
    (a, b), (c, d) = _halves(x), _halves(y)
    return value, ((a * c - value) + a * d + b * c) + b * d


def _sum(x: Number, y: Number) -> tuple[Number, Number]:
    """Return x + y and its rounding error, for x that is 0 or the larger one."""
    value = x + y
    return value, (x - value) + y


def _log(lanes: Lanes, x: Number) -> tuple[Number, Number]:
    """Return log(x) as a sum of two numbers, for finite x > 0."""
    tiny = x < SMALLEST_NORMAL
    m, e = lanes.split(lanes.where(tiny, x * 2.0**54, x))
    e = lanes.where(tiny, e - 54.0, e)
    f = m - 1.0
    d = 2.0 + f
    s = lanes.divide(f, d)
    value, error = _product(s, d)
    s_low = lanes.divide(((f - value) - error) - s * (f - (d - 2.0)), d)
    z = s * s
    low = 2.0 * s_low + s * (z * polynomial(z, NEAR))
    start = e * LOG2_HIGH
    high, error = _sum(start, 2.0 * s)
    return _sum(high, (error + e * LOG2_LOW) + low)


def pow_(lanes: Lanes, x: Number, y: Number) -> Number:
    """Return x to the power y as C99 does, but for the sign of zero.

    Negative x has whole powers only, else NaN; 1 is the power of 1 and the power by 0
    even of NaN; -0.0 counts as 0.0, -inf as any negative number. Relative error below
    1e-15 where the answer is normal.
    """
    size = lanes.abs(x)
    bounded = lanes.where(y < _LARGEST_POWER, y, _LARGEST_POWER)
    bounded = lanes.where(bounded > -_LARGEST_POWER, bounded, -_LARGEST_POWER)
    log_high, log_low = _log(lanes, size)
    high, low = _product(bounded, log_high)
    value = lanes.exp(high)
    # Where it is infinite, the correction might be inf - inf.
    value = lanes.where(
        value < math.inf, value + value * (low + bounded * log_low), value
    )
    grows = lanes.where(size > 1.0, y, -y) > 0.0
    ends = lanes.equal(size, 0.0) | lanes.equal(size, math.inf)
    value = lanes.where(ends, lanes.where(grows, math.inf, 0.0), value)
    return _special(lanes, x, y, value)


def _special(lanes: Lanes, x: Number, y: Number, value: Number) -> Number:
    """Put in the sign, and what holds whatever the logarithm says."""
    half = 0.5 * y
    signed = lanes.where(floor(lanes, half) < half, -value, value)
    signed = lanes.where(floor(lanes, y) < y, math.nan, signed)
    value = lanes.where(x < 0.0, signed, value)
    known = lanes.equal(x, x) & lanes.equal(y, y)
    value = lanes.where(known, value, math.nan)
    return lanes.where(lanes.equal(x, 1.0) | lanes.equal(y, 0.0), 1.0, value)
