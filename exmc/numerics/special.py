"""Special functions in plain numpy, accurate and quiet at the edges.

Rule: no autograd and no scipy here, so that the samplers may use this file.
Every function takes numbers or arrays of any shape, broadcasts like a ufunc,
returns float64 and raises no numpy warning. NaN in gives NaN out; outside the
stated domain the answer is NaN. The accuracies are held by tests against mpmath.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import numpy as np

from exmc.numerics.elementary import gamma, normal
from exmc.numerics.elementary.arrays import QUICK

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike

    from exmc.typing import Array

F = TypeVar("F", bound="Callable[..., Array]")

LOG_2 = 0.6931471805599453
LOG_PI = 1.1447298858494002
SQRT_2 = 1.4142135623730951
HALF_LOG_2_PI = 0.9189385332046727


def _quiet(function: F) -> F:
    """Let IEEE answers (inf, NaN) come without numpy's warnings."""
    return np.errstate(all="ignore")(function)


def _floats(x: ArrayLike) -> Array:
    return np.asarray(x, dtype=np.float64)


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


@_quiet
def stirling_remainder(x: ArrayLike) -> Array:
    """Lgamma(x) - (x - 1/2) log x + x - log(2 pi) / 2, for x >= 8 only.

    The relative error is below 1e-14.
    """
    return np.asarray(gamma.stirling_remainder(QUICK, _floats(x)))


@_quiet
def lgamma(x: ArrayLike) -> Array:
    """Log of the gamma function for x >= 0; inf at 0 and inf; negative x is NaN.

    The error is below 6e-15 max(1, |lgamma(x)|): near the zeros at 1 and 2 it is
    absolute.
    """
    return np.asarray(gamma.lgamma(QUICK, _floats(x)))


@_quiet
def digamma(x: ArrayLike) -> Array:
    """Derivative of lgamma for x >= 0; -inf at 0; negative x is NaN.

    The error is below 5e-15 max(1, |digamma(x)|): absolute near the zero at 1.4616.
    """
    return np.asarray(gamma.digamma(QUICK, _floats(x)))


@_quiet
def trigamma(x: ArrayLike) -> Array:
    """Derivative of digamma for x >= 0; inf at 0; relative error below 5e-15."""
    return np.asarray(gamma.trigamma(QUICK, _floats(x)))


@_quiet
def lgamma_half_step(x: ArrayLike) -> Array:
    """Lgamma(x + 1/2) - lgamma(x) for x >= 0, without the cancellation of large x.

    The error is below 5e-15 max(1, |value|).
    """
    return np.asarray(gamma.lgamma_half_step(QUICK, _floats(x)))


@_quiet
def betaln(a: ArrayLike, b: ArrayLike) -> Array:
    """Log of the beta function for a, b > 0, without the cancellation of large ones.

    The error is below 6e-15 max(1, |value|).
    """
    return np.asarray(gamma.betaln(QUICK, _floats(a), _floats(b)))


# --- the normal distribution ------------------------------------------------------


@_quiet
def erf(x: ArrayLike) -> Array:
    """Error function; relative error below 1e-15."""
    return np.asarray(normal.erf(QUICK, _floats(x)))


@_quiet
def erfc(x: ArrayLike) -> Array:
    """1 - erf(x) without cancellation; relative error below 1e-15."""
    return np.asarray(normal.erfc(QUICK, _floats(x)))


@_quiet
def log_ndtr(x: ArrayLike) -> Array:
    """Log of the standard normal CDF; relative error below 1e-15 in both tails."""
    return np.asarray(normal.log_ndtr(QUICK, _floats(x)))


@_quiet
def log_ndtr_slope(x: ArrayLike) -> Array:
    """Derivative of log_ndtr: the normal density over the CDF."""
    return np.asarray(normal.log_ndtr_slope(QUICK, _floats(x)))


@_quiet
def ndtri(p: ArrayLike) -> Array:
    """Inverse of the standard normal CDF on [0, 1]; the ends give -inf and inf.

    Relative error below 1e-15 where p is well conditioned (Wichura 1988, AS 241).
    """
    return np.asarray(normal.ndtri(QUICK, _floats(p)))
