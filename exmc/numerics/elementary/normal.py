"""The normal distribution's functions: erf, erfc, log-CDF, its slope, and quantiles.

All of them but erf near zero and the quantiles come from one approximation, that of
erfcx(x) = exp(x**2) erfc(x) for x >= 0, which has neither a tail nor a cancellation.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from exmc.numerics.elementary.logarithm import log1p_bounded
from exmc.numerics.elementary.polynomial import polynomial

if TYPE_CHECKING:
    from exmc.numerics.lanes import Lanes, Number

_SQRT_HALF: Final = 0.7071067811865476
_INVERSE_SQRT_2_PI: Final = 0.3989422804014327
_SPLITTER: Final = 2.0**27 + 1.0

# (1 + x) erfcx(x) as a polynomial of t = (x - 4) / (x + 4), which is in [-1, 1] for
# all x >= 0 (Shepherd & Laframboise 1981): minimax, relative error 5e-18.
_CENTRE: Final = 4.0
_ERFCX: Final = (
    *(0.6849972881253069, -0.199344582800367, 0.11704966551044234),
    *(-0.04808038122131741, 0.003962055681297856, 0.015312509679601441),
    *(-0.017515654646671458, 0.012161784748665198, -0.006068735218621715),
    *(0.002116421618937772, -0.0003897674882889927, -6.01369465825479e-05),
    *(6.403272110955468e-05, -1.3150573507195413e-05, -4.138369144164175e-06),
    *(2.6490804034191512e-06, 3.955200069760259e-09, -3.6255899032524226e-07),
    *(5.13901856777057e-08, 4.555722916412574e-08, -1.144801902095881e-08),
    *(-5.199936493603585e-09, 1.703905415049521e-09, 3.897421138755623e-10),
    -1.4282437253481925e-10,
)

# erf(x) / x in x**2 for |x| <= 1: minimax, error 7e-18.
_ERF: Final = (
    *(1.1283791670955126, -0.3761263890318355, 0.11283791670945253),
    *(-0.02686617064327622, 0.005223977607423468, -0.0008548325989696758),
    *(0.00012055295320494294, -1.4924744663335489e-05, 1.6447517677871873e-06),
    *(-1.6209175911748696e-07, 1.3722976265924504e-08, -7.801188874097751e-10),
)


def _erfcx(lanes: Lanes, x: Number) -> Number:
    """Return exp(x**2) erfc(x) for x >= 0."""
    t = 1.0 - lanes.divide(2.0 * _CENTRE, x + _CENTRE)
    return lanes.divide(polynomial(t, _ERFCX), 1.0 + x)


def _decay(lanes: Lanes, x: Number, factor: float) -> Number:
    """Return exp(factor x**2) for x >= 0, where factor is minus a power of 2.

    The square of x rounded to 26 bits is exact, so that the rounding of x**2 is not
    magnified; what is left is small enough for four terms of the series.
    """
    x = lanes.where(x < 64.0, x, 64.0)
    wide = x * _SPLITTER
    high = wide - (wide - x)
    rest = factor * ((x - high) * (x + high))
    series = 1.0 + rest * (1.0 + rest * (0.5 + rest * (1.0 / 6.0)))
    return lanes.exp(factor * (high * high)) * series


def erf(lanes: Lanes, x: Number) -> Number:
    """Return the error function; relative error below 5e-16 everywhere."""
    size = lanes.abs(x)
    far = 1.0 - _decay(lanes, size, -1.0) * _erfcx(lanes, size)
    far = lanes.where(x < 0.0, -far, far)
    return lanes.where(size < 1.0, x * polynomial(x * x, _ERF), far)


def erfc(lanes: Lanes, x: Number) -> Number:
    """Return 1 - erf(x); relative error below 1e-15 where the answer is normal.

    It is 0 from 26.6 or so on.
    """
    size = lanes.abs(x)
    upper = _decay(lanes, size, -1.0) * _erfcx(lanes, size)
    far = lanes.where(x < 0.0, 2.0 - upper, upper)
    return lanes.where(size < 0.5, 1.0 - x * polynomial(x * x, _ERF), far)


def log_ndtr(lanes: Lanes, x: Number) -> Number:
    """Return the logarithm of the standard normal CDF.

    Relative error below 1e-15 for x < 37.5; it is -0.0 from there on.
    """
    size = lanes.abs(x)
    scaled_tail = 0.5 * _erfcx(lanes, size * _SQRT_HALF)
    lower = lanes.log(scaled_tail) - 0.5 * (x * x)
    upper = log1p_bounded(lanes, -(_decay(lanes, size, -0.5) * scaled_tail))
    return lanes.where(x < 0.0, lower, upper)


def log_ndtr_slope(lanes: Lanes, x: Number) -> Number:
    """Return the derivative of log_ndtr, the normal density over the CDF.

    Relative error below 1e-15 for x < 37.5; it is 0 from there on.
    """
    size = lanes.abs(x)
    tail = _erfcx(lanes, size * _SQRT_HALF)
    decay = _decay(lanes, size, -0.5)
    low = x < 0.0
    above = lanes.where(low, 2.0, decay)
    below = lanes.where(low, tail, 1.0 - 0.5 * (decay * tail))
    return _INVERSE_SQRT_2_PI * lanes.divide(above, below)


# --- Wichura 1988, algorithm AS 241 (PPND16): numerator and denominator of the central
# part, the middle part and the far tail, lowest power first.
_INNER: Final = (
    (
        *(3.3871328727963666080e0, 1.3314166789178437745e2, 1.9715909503065514427e3),
        *(1.3731693765509461125e4, 4.5921953931549871457e4, 6.7265770927008700853e4),
        *(3.3430575583588128105e4, 2.5090809287301226727e3),
    ),
    (
        *(1.0, 4.2313330701600911252e1, 6.8718700749205790830e2),
        *(5.3941960214247511077e3, 2.1213794301586595867e4, 3.9307895800092710610e4),
        *(2.8729085735721942674e4, 5.2264952788528545610e3),
    ),
)
_MIDDLE: Final = (
    (
        *(1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0),
        *(
            3.64784832476320460504e0,
            1.27045825245236838258e0,
            2.41780725177450611770e-1,
        ),
        *(2.27238449892691845833e-2, 7.74545014278341407640e-4),
    ),
    (
        *(1.0, 2.05319162663775882187e0, 1.67638483018380384940e0),
        *(6.89767334985100004550e-1, 1.48103976427480074590e-1),
        *(1.51986665636164571966e-2, 5.47593808499534494600e-4),
        1.05075007164441684324e-9,
    ),
)
_FAR: Final = (
    (
        *(6.65790464350110377720e0, 5.46378491116411436990e0, 1.78482653991729133580e0),
        *(2.96560571828504891230e-1, 2.65321895265761230930e-2),
        *(1.24266094738807843860e-3, 2.71155556874348757815e-5),
        2.01033439929228813265e-7,
    ),
    (
        *(1.0, 5.99832206555887937690e-1, 1.36929880922735805310e-1),
        *(1.48753612908506148525e-2, 7.86869131145613259100e-4),
        *(1.84631831751005468180e-5, 1.42151175831644588870e-7),
        2.04426310338993978564e-15,
    ),
)


def _ratio(
    lanes: Lanes, x: Number, pair: tuple[tuple[float, ...], tuple[float, ...]]
) -> Number:
    return lanes.divide(polynomial(x, pair[0]), polynomial(x, pair[1]))


def ndtri(lanes: Lanes, p: Number) -> Number:
    """Return the standard normal quantile; the ends give -inf and inf.

    Relative error below 1e-15 where p is well conditioned; NaN outside 0 ... 1.
    """
    offset = p - 0.5
    inner = offset * _ratio(lanes, 0.180625 - offset * offset, _INNER)
    tail = lanes.where(offset < 0.0, p, 1.0 - p)
    depth = lanes.sqrt(-lanes.log(tail))
    far = _ratio(lanes, depth - 5.0, _FAR)
    size = lanes.where(depth <= 5.0, _ratio(lanes, depth - 1.6, _MIDDLE), far)
    size = lanes.where(depth < math.inf, size, depth)
    outer = lanes.where(offset < 0.0, -size, size)
    return lanes.where(lanes.abs(offset) <= 0.425, inner, outer)
