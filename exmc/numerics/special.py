"""Special functions in plain numpy, accurate and quiet at the edges.

Rule: no autograd and no scipy here, so that the samplers may use this file.
Every function takes numbers or arrays of any shape, broadcasts like a ufunc,
returns float64 and raises no numpy warning. NaN in gives NaN out; outside the
stated domain the answer is NaN. The accuracies are held by tests against mpmath.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import ArrayLike, NDArray

    from exmc.typing import Array

F = TypeVar("F", bound="Callable[..., Array]")

LOG_2 = 0.6931471805599453
LOG_PI = 1.1447298858494002
SQRT_2 = 1.4142135623730951
HALF_LOG_2_PI = 0.9189385332046727

# Stirling's remainder and the tails of digamma and trigamma, from the Bernoulli
# numbers (Abramowitz & Stegun 6.1.41, 6.3.18, 6.4.12), lowest power first. At the
# shifted argument 8 the first term left out is below 1e-15.
_SHIFT = 8.0
_STIRLING = (1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156)
_HALF_STEP = tuple(c * (2.0 ** (-1 - 2 * j) - 2.0) for j, c in enumerate(_STIRLING))
_DIGAMMA = (1 / 12, -1 / 120, 1 / 252, -1 / 240, 1 / 132, -691 / 32760, 1 / 12)
_TRIGAMMA = (
    1 / 6,
    -1 / 30,
    1 / 42,
    -1 / 30,
    5 / 66,
    -691 / 2730,
    7 / 6,
    -3617 / 510,
    43867 / 798,
)


def _quiet(function: F) -> F:
    """Let IEEE answers (inf, NaN) come without numpy's warnings."""
    return np.errstate(all="ignore")(function)


def _floats(x: ArrayLike) -> Array:
    return np.asarray(x, dtype=np.float64)


def _horner(x: Array, coefficients: Sequence[float]) -> Any:  # noqa: ANN401 - array or 0
    """Evaluate a polynomial, lowest power first."""
    total: Any = coefficients[-1]
    for coefficient in coefficients[-2::-1]:
        total = total * x + coefficient
    return total


# --- logarithms and exponentials -------------------------------------------------


@_quiet
def softplus(x: ArrayLike) -> Array:
    """Log(1 + exp(x)) = max(x, 0) + log1p(exp(-|x|)); relative error below 1e-15."""
    x = _floats(x)
    return np.asarray(np.logaddexp(0.0, x))


@_quiet
def log1mexp(x: ArrayLike) -> Array:
    """Log(1 - exp(-x)) for x >= 0; -inf at 0 (Maechler 2012, eq. 7)."""
    x = _floats(x)
    small = np.log(-np.expm1(-x))
    return np.where(x <= LOG_2, small, np.log1p(-np.exp(-x)))


@_quiet
def logsumexp(
    x: ArrayLike, axis: int | tuple[int, ...] | None = None, *, keepdims: bool = False
) -> Array:
    """Log of the sum of exponentials along an axis; -inf for an empty sum."""
    x = _floats(x)
    peak = np.max(x, axis=axis, keepdims=True, initial=-np.inf)
    anchor = np.where(np.isfinite(peak), peak, 0.0)
    total = np.sum(np.exp(x - anchor), axis=axis, keepdims=True)
    result = np.log(total) + anchor
    return np.asarray(result if keepdims else np.squeeze(result, axis=axis))


@_quiet
def expit(x: ArrayLike) -> Array:
    """1 / (1 + exp(-x)), with full relative accuracy in the lower tail."""
    x = _floats(x)
    decay = np.exp(-np.abs(x))
    return np.where(x >= 0.0, 1.0, decay) / (1.0 + decay)


def log_expit(x: ArrayLike) -> Array:
    """Log(1 / (1 + exp(-x))) = -softplus(-x)."""
    return -softplus(-_floats(x))


@_quiet
def log_expit_slope(x: ArrayLike) -> Array:
    """Log of the derivative of expit: -|x| - 2 log1p(exp(-|x|))."""
    size = np.abs(_floats(x))
    return -size - 2.0 * np.log1p(np.exp(-size))


@_quiet
def open_interval(x: ArrayLike, lower: ArrayLike, upper: ArrayLike) -> Array:
    """Lower + (upper - lower) expit(x), measured from the nearer end.

    Never outside the bounds, and at least one float away from each.
    """
    x, lower, upper = _floats(x), _floats(lower), _floats(upper)
    part = (upper - lower) * expit(-np.abs(x))
    point = np.where(x < 0.0, lower + part, upper - part)
    return np.clip(point, np.nextafter(lower, upper), np.nextafter(upper, lower))


@_quiet
def logit(p: ArrayLike) -> Array:
    """Log(p / (1 - p)) for p in [0, 1]; the ends give -inf and inf."""
    p = _floats(p)
    near_half = np.log1p((2.0 * p - 1.0) / (1.0 - p))
    return np.where(np.abs(p - 0.5) < 0.25, near_half, np.log(p) - np.log1p(-p))


@_quiet
def log1p_square(x: ArrayLike) -> Array:
    """Log(1 + x^2), without overflow for |x| up to the largest float."""
    size = np.abs(_floats(x))
    return np.where(size < 1e8, np.log1p(size * size), 2.0 * np.log(size))


@_quiet
def xlogy(x: ArrayLike, y: ArrayLike) -> Array:
    """X log(y), with 0 where x is 0 and y >= 0. A negative y is NaN even then."""
    x, y = _floats(x), _floats(y)
    return np.where((x == 0.0) & (y >= 0.0), 0.0, x * np.log(y))


@_quiet
def xlog1py(x: ArrayLike, y: ArrayLike) -> Array:
    """X log(1 + y), with 0 where x is 0 and y >= -1. A y below -1 is NaN even then."""
    x, y = _floats(x), _floats(y)
    return np.where((x == 0.0) & (y >= -1.0), 0.0, x * np.log1p(y))


# --- the gamma function's family --------------------------------------------------


def _up_to_shift(x: Array) -> tuple[NDArray[np.bool_], Array, Array]:
    """Say where x < 8, give x (+ 8 there), and t = x (x + 7) for `_eight_factors`."""
    low = x < _SHIFT
    return low, np.where(low, x + _SHIFT, x), x * (x + 7.0)


def _eight_factors(t: Array) -> Array:
    """Give x (x + 1) ... (x + 7), the first factor paired with the last, and so on."""
    return t * (t + 6.0) * (t + 10.0) * (t + 12.0)


@_quiet
def stirling_remainder(x: ArrayLike) -> Array:
    """Lgamma(x) - (x - 1/2) log x + x - log(2 pi) / 2, for x >= 8 only.

    The relative error is below 1e-14.
    """
    inverse = 1.0 / _floats(x)
    return np.asarray(inverse * _horner(inverse * inverse, _STIRLING))


@_quiet
def lgamma(x: ArrayLike) -> Array:
    """Log of the gamma function for x >= 0; inf at 0 and inf; negative x is NaN.

    Shift to x + 8 by a product, then Stirling's series. The error is below
    6e-15 max(1, |lgamma(x)|): near the zeros at 1 and 2 it is absolute.
    """
    x = _floats(x)
    low, shifted, t = _up_to_shift(x)
    product = np.where(low, _eight_factors(t), 1.0)
    main = (shifted - 0.5) * (np.log(shifted) - 1.0) + (HALF_LOG_2_PI - 0.5)
    value = main + stirling_remainder(shifted) - np.log(product)
    return np.where(x >= 0.0, value, np.nan)


@_quiet
def digamma(x: ArrayLike) -> Array:
    """Derivative of lgamma for x >= 0; -inf at 0; negative x is NaN.

    The error is below 5e-15 max(1, |digamma(x)|): absolute near the zero at 1.4616.
    """
    x = _floats(x)
    low, shifted, t = _up_to_shift(x)
    pairs = 1.0 / t + 1.0 / (t + 6.0) + 1.0 / (t + 10.0) + 1.0 / (t + 12.0)
    inverse = 1.0 / shifted
    tail = inverse * inverse * _horner(inverse * inverse, _DIGAMMA)
    value = np.log(shifted) - 0.5 * inverse - tail
    value = value - np.where(low, (2.0 * x + 7.0) * pairs, 0.0)
    return np.where(x > 0.0, value, np.where(x == 0.0, -np.inf, np.nan))


@_quiet
def trigamma(x: ArrayLike) -> Array:
    """Derivative of digamma for x >= 0; inf at 0; relative error below 5e-15."""
    x = _floats(x)
    low = x < _SHIFT
    shifted = np.where(low, x + _SHIFT, x)
    inverse = 1.0 / shifted
    square = inverse * inverse
    value = inverse + 0.5 * square + inverse * square * _horner(square, _TRIGAMMA)
    steps = sum((x + float(k)) ** -2.0 for k in range(8))
    value = value + np.where(low, steps, 0.0)
    return np.where(x > 0.0, value, np.where(x == 0.0, np.inf, np.nan))


@_quiet
def lgamma_half_step(x: ArrayLike) -> Array:
    """Lgamma(x + 1/2) - lgamma(x) for x >= 0, without the cancellation of large x.

    Shift to x + 8 by a quotient of products, then Stirling's series at x + 1/2 less
    the one at x. The error is below 5e-15 max(1, |value|).
    """
    x = _floats(x)
    low, shifted, t = _up_to_shift(x)
    t_half = t + (x + 3.75)
    quotient = _eight_factors(t_half) / _eight_factors(t)
    inverse = 1.0 / shifted
    series = inverse * _horner(inverse * inverse, _HALF_STEP)
    value = 0.5 * np.log(shifted) + series
    value = value - np.log(np.where(low, quotient, 1.0))
    return np.where(x >= 0.0, value, np.nan)


@_quiet
def betaln(a: ArrayLike, b: ArrayLike) -> Array:
    """Log of the beta function for a, b > 0, without the cancellation of large ones.

    With q the larger and q >= 8, lgamma(q) - lgamma(p + q) is taken from Stirling's
    series as a difference, term by term (Didonato & Morris 1992, sec. 4).
    """
    a, b = _floats(a), _floats(b)
    p, q = np.minimum(a, b), np.maximum(a, b)
    total = p + q
    difference = (
        stirling_remainder(q) - stirling_remainder(total) + p - p * np.log(total)
    )
    difference = difference - (q - 0.5) * np.log1p(p / q)
    plain = lgamma(q) - lgamma(total)
    return lgamma(p) + np.where(q >= _SHIFT, difference, plain)


# --- the normal distribution ------------------------------------------------------

# Wichura 1988, algorithm AS 241 (PPND16): numerator and denominator of the central
# part, the middle part and the far tail, lowest power first.
_CENTRE = (
    (
        3.3871328727963666080e0,
        1.3314166789178437745e2,
        1.9715909503065514427e3,
        1.3731693765509461125e4,
        4.5921953931549871457e4,
        6.7265770927008700853e4,
        3.3430575583588128105e4,
        2.5090809287301226727e3,
    ),
    (
        1.0,
        4.2313330701600911252e1,
        6.8718700749205790830e2,
        5.3941960214247511077e3,
        2.1213794301586595867e4,
        3.9307895800092710610e4,
        2.8729085735721942674e4,
        5.2264952788528545610e3,
    ),
)
_MIDDLE = (
    (
        1.42343711074968357734e0,
        4.63033784615654529590e0,
        5.76949722146069140550e0,
        3.64784832476320460504e0,
        1.27045825245236838258e0,
        2.41780725177450611770e-1,
        2.27238449892691845833e-2,
        7.74545014278341407640e-4,
    ),
    (
        1.0,
        2.05319162663775882187e0,
        1.67638483018380384940e0,
        6.89767334985100004550e-1,
        1.48103976427480074590e-1,
        1.51986665636164571966e-2,
        5.47593808499534494600e-4,
        1.05075007164441684324e-9,
    ),
)
_TAIL = (
    (
        6.65790464350110377720e0,
        5.46378491116411436990e0,
        1.78482653991729133580e0,
        2.96560571828504891230e-1,
        2.65321895265761230930e-2,
        1.24266094738807843860e-3,
        2.71155556874348757815e-5,
        2.01033439929228813265e-7,
    ),
    (
        1.0,
        5.99832206555887937690e-1,
        1.36929880922735805310e-1,
        1.48753612908506148525e-2,
        7.86869131145613259100e-4,
        1.84631831751005468180e-5,
        1.42151175831644588870e-7,
        2.04426310338993978564e-15,
    ),
)


def _ratio(x: Array, pair: tuple[Sequence[float], Sequence[float]]) -> Array:
    return np.asarray(_horner(x, pair[0]) / _horner(x, pair[1]))


@_quiet
def ndtri(p: ArrayLike) -> Array:
    """Inverse of the standard normal CDF on [0, 1]; the ends give -inf and inf.

    Relative error below 1e-15 where p is well conditioned (Wichura 1988, AS 241).
    """
    p = _floats(p)
    offset = p - 0.5
    centre = offset * _ratio(0.180625 - offset * offset, _CENTRE)
    depth = np.sqrt(-np.log(np.where(offset < 0.0, p, 1.0 - p)))
    far = np.where(depth > 5.0, _ratio(depth - 5.0, _TAIL), np.nan)
    size = np.where(depth <= 5.0, _ratio(depth - 1.6, _MIDDLE), far)
    size = np.where(np.isposinf(depth), np.inf, size)
    outer = np.where(offset < 0.0, -size, size)
    return np.where(np.abs(offset) <= 0.425, centre, outer)
