"""Logarithms, from s = f / (2 + f) and log(1 + f) = 2 atanh(s).

The form is fdlibm's (Ng 1993, e_log.c): f - (f**2/2 - s (f**2/2 + R)), where R is the
rest of the series in s**2, so that the leading term is exact.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from exmc.numerics.elementary.exponential import LOG2_HIGH, LOG2_LOW, expm1
from exmc.numerics.elementary.polynomial import polynomial

if TYPE_CHECKING:
    from exmc.numerics.lanes import Lanes, Number

SMALLEST_NORMAL: Final = 2.0**-1022
_LOG_2: Final = 0.6931471805599453

# R / s**2 for s**2 <= 0.0295, with an error below 2**-58 (fdlibm).
NEAR: Final = (
    6.666666666666735130e-01,
    3.999999999940941908e-01,
    2.857142874366239149e-01,
    2.222219843214978396e-01,
    1.818357216161805012e-01,
    1.531383769920937332e-01,
    1.479819860511658591e-01,
)

# The same for s**2 <= 1/9; the error of R s is below 5e-17 of 2 s.
_FAR: Final = (
    0.6666666666667789,
    0.39999999995995483,
    0.2857142906339749,
    0.22222192644370112,
    0.18182821011174774,
    0.15364187761267964,
    0.1358728495004943,
    0.09898120316021543,
    0.17749224016088636,
)


def log(lanes: Lanes, x: Number) -> Number:
    """Return the natural logarithm; -inf at zero, NaN below.

    Relative error below 2e-16 everywhere, subnormal x included.
    """
    tiny = x < SMALLEST_NORMAL
    m, e = lanes.split(lanes.where(tiny, x * 2.0**54, x))
    e = lanes.where(tiny, e - 54.0, e)
    f = m - 1.0
    s = lanes.divide(f, 2.0 + f)
    z = s * s
    half = 0.5 * (f * f)
    rest = s * (half + z * polynomial(z, NEAR)) + e * LOG2_LOW
    value = e * LOG2_HIGH - ((half - rest) - f)
    value = lanes.where(x < math.inf, value, x)  # NaN stays, too
    value = lanes.where(x > 0.0, value, lanes.where(lanes.equal(x, 0.0), -math.inf, x))
    return lanes.where(x < 0.0, math.nan, value)


def log1p_bounded(lanes: Lanes, f: Number) -> Number:
    """Return log(1 + f) for f between -1/2 and 1 only; relative error below 3e-16."""
    s = lanes.divide(f, 2.0 + f)
    z = s * s
    return f - s * (f - z * polynomial(z, _FAR))


def log1p(lanes: Lanes, x: Number) -> Number:
    """Return log(1 + x); relative error below 3e-16 everywhere."""
    u = 1.0 + x
    kept = u - 1.0
    value = lanes.log(u)
    corrected = value + lanes.divide(x - kept, u)
    # Equal for -1 and infinity, where the correction would be 0 / 0 or inf - inf.
    return lanes.where(lanes.equal(kept, x), value, corrected)


def softplus(lanes: Lanes, x: Number) -> Number:
    """Return log(1 + exp(x)) = max(x, 0) + log1p(exp(-|x|)).

    Relative error below 3e-16; 0 for x < -708.4.
    """
    small = log1p_bounded(lanes, lanes.exp(-lanes.abs(x)))
    return lanes.where(x > 0.0, x, 0.0) + small


def log1mexp(lanes: Lanes, x: Number) -> Number:
    """Return log(1 - exp(x)) for x <= 0; -inf at 0, NaN above.

    Relative error below 3e-16 for x > -708 (Maechler 2012, eq. 7).
    """
    near = lanes.log(-expm1(lanes, x))
    far = log1p_bounded(lanes, -lanes.exp(x))
    return lanes.where(x > -_LOG_2, near, far)
