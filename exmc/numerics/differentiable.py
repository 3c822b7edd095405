"""The functions of `exmc.numerics.special` with their derivatives.

Each is one primitive: one step of a trace, however many array operations it takes
inside. The way back is made of primitives as well (`xp` and these), so that it can be
recorded too. Derivatives of higher order are not provided.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from exmc.numerics import matrices, recurrences, special
from exmc.numerics.autodiff import (
    Backward,
    Primitive,
    Traceable,
    defvjp,
    primitive,
    unbroadcast,
    xp,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    Slope: TypeAlias = Callable[..., Traceable]

softplus: Primitive = primitive(special.softplus)
log1mexp: Primitive = primitive(special.log1mexp)
logsumexp: Primitive = primitive(special.logsumexp)
expit: Primitive = primitive(special.expit)
log_expit: Primitive = primitive(special.log_expit)
log_expit_slope: Primitive = primitive(special.log_expit_slope)
logit: Primitive = primitive(special.logit)
log1p_square: Primitive = primitive(special.log1p_square)
xlogy: Primitive = primitive(special.xlogy)
xlog1py: Primitive = primitive(special.xlog1py)
lgamma: Primitive = primitive(special.lgamma)
digamma: Primitive = primitive(special.digamma)
trigamma: Primitive = primitive(special.trigamma)
lgamma_half_step: Primitive = primitive(special.lgamma_half_step)
betaln: Primitive = primitive(special.betaln)
open_interval: Primitive = primitive(special.open_interval)
erf: Primitive = primitive(special.erf)
erfc: Primitive = primitive(special.erfc)
log_ndtr: Primitive = primitive(special.log_ndtr)
log_ndtr_slope: Primitive = primitive(special.log_ndtr_slope)
cholesky: Primitive = primitive(matrices.cholesky)
cholesky_back: Primitive = primitive(matrices.cholesky_back)
solve_lower: Primitive = primitive(matrices.solve_lower)
gaussian: Primitive = primitive(matrices.gaussian)
recurrence: Primitive = primitive(recurrences.recurrence)

_TWO_PER_SQRT_PI = 1.1283791670955126


def _slope_of_softplus(_value: Traceable, x: Traceable) -> Traceable:
    return expit(x)


def _slope_of_log1mexp(_value: Traceable, x: Traceable) -> Traceable:
    return xp.divide(1.0, xp.expm1(x))


def _slope_of_expit(_value: Traceable, x: Traceable) -> Traceable:
    return xp.exp(log_expit_slope(x))


def _slope_of_log_expit(_value: Traceable, x: Traceable) -> Traceable:
    return expit(-x)


def _slope_of_log_expit_slope(_value: Traceable, x: Traceable) -> Traceable:
    return -xp.tanh(0.5 * x)


def _slope_of_logit(_value: Traceable, p: Traceable) -> Traceable:
    return xp.divide(1.0, p * (1.0 - p))


def _slope_of_log1p_square(_value: Traceable, x: Traceable) -> Traceable:
    far = xp.divide(2.0, x + xp.divide(1.0, x))
    return xp.where(xp.abs(x) < 1.0, 2.0 * x / (1.0 + x * x), far)


def _slope_of_lgamma(_value: Traceable, x: Traceable) -> Traceable:
    return digamma(x)


def _slope_of_digamma(_value: Traceable, x: Traceable) -> Traceable:
    return trigamma(x)


def _slope_of_lgamma_half_step(_value: Traceable, x: Traceable) -> Traceable:
    return digamma(x + 0.5) - digamma(x)


def _slope_of_erf(_value: Traceable, x: Traceable) -> Traceable:
    return _TWO_PER_SQRT_PI * xp.exp(-x * x)


def _slope_of_erfc(_value: Traceable, x: Traceable) -> Traceable:
    return -_TWO_PER_SQRT_PI * xp.exp(-x * x)


def _slope_of_log_ndtr(_value: Traceable, x: Traceable) -> Traceable:
    return log_ndtr_slope(x)


def _elementwise(function: Primitive, slope: Slope) -> None:
    """Register the derivative of a function of one array, entry by entry."""

    def backward(value: Traceable, x: Traceable) -> Backward:
        with np.errstate(all="ignore"):
            factor = slope(value, x)
        return lambda g: g * factor

    defvjp(function, backward)


_elementwise(softplus, _slope_of_softplus)
_elementwise(log1mexp, _slope_of_log1mexp)
_elementwise(expit, _slope_of_expit)
_elementwise(log_expit, _slope_of_log_expit)
_elementwise(log_expit_slope, _slope_of_log_expit_slope)
_elementwise(logit, _slope_of_logit)
_elementwise(log1p_square, _slope_of_log1p_square)
_elementwise(lgamma, _slope_of_lgamma)
_elementwise(digamma, _slope_of_digamma)
_elementwise(lgamma_half_step, _slope_of_lgamma_half_step)
_elementwise(erf, _slope_of_erf)
_elementwise(erfc, _slope_of_erfc)
_elementwise(log_ndtr, _slope_of_log_ndtr)


def _zero_times(x: Traceable, factor: Traceable) -> Traceable:
    """Multiply, with 0 where x is 0 even if the factor is infinite."""
    return xp.where(xp.equal(x, 0.0), 0.0, x * factor)


def _broadcasting(function: Primitive, *slopes: Slope) -> None:
    """Register one derivative for each argument of a broadcasting function."""

    def backward_to(which: int) -> Callable[..., Backward]:
        def backward(_value: Traceable, *inputs: Traceable) -> Backward:
            with np.errstate(all="ignore"):
                factor = slopes[which](*inputs)

            def back(g: Traceable) -> Traceable:
                return g * factor

            return unbroadcast(inputs[which], back)

        return backward

    defvjp(function, *(backward_to(which) for which in range(len(slopes))))


def _xlogy_by_x(_x: Traceable, y: Traceable) -> Traceable:
    return xp.log(y)


def _xlogy_by_y(x: Traceable, y: Traceable) -> Traceable:
    return _zero_times(x, xp.divide(1.0, y))


def _xlog1py_by_x(_x: Traceable, y: Traceable) -> Traceable:
    return xp.log1p(y)


def _xlog1py_by_y(x: Traceable, y: Traceable) -> Traceable:
    return _zero_times(x, xp.divide(1.0, 1.0 + y))


def _betaln_by_a(a: Traceable, b: Traceable) -> Traceable:
    return digamma(a) - digamma(a + b)


def _betaln_by_b(a: Traceable, b: Traceable) -> Traceable:
    return digamma(b) - digamma(a + b)


def _open_interval_by_x(x: Traceable, lower: Traceable, upper: Traceable) -> Traceable:
    return (upper - lower) * xp.exp(log_expit_slope(x))


def _open_interval_by_lower(
    x: Traceable, _lower: Traceable, _upper: Traceable
) -> Traceable:
    return expit(-x)


def _open_interval_by_upper(
    x: Traceable, _lower: Traceable, _upper: Traceable
) -> Traceable:
    return expit(x)


_broadcasting(xlogy, _xlogy_by_x, _xlogy_by_y)
_broadcasting(xlog1py, _xlog1py_by_x, _xlog1py_by_y)
_broadcasting(betaln, _betaln_by_a, _betaln_by_b)
_broadcasting(
    open_interval,
    _open_interval_by_x,
    _open_interval_by_lower,
    _open_interval_by_upper,
)


def _backward_of_logsumexp(
    value: Traceable,
    x: Traceable,
    axis: int | tuple[int, ...] | None = None,
    *,
    keepdims: bool = False,
) -> Backward:
    kept = np.empty(np.shape(x)).sum(axis=axis, keepdims=True).shape
    anchor = xp.reshape(xp.where(xp.equal(value, -np.inf), 0.0, value), kept)
    with np.errstate(all="ignore"):
        share = xp.exp(x - anchor)

    def back(g: Traceable) -> Traceable:
        return xp.reshape(g, kept) * share

    return back if not keepdims else (lambda g: g * share)


defvjp(logsumexp, _backward_of_logsumexp)


# --- matrices -----------------------------------------------------------------------


def _back_from_cholesky(lower: Traceable, _a: Traceable) -> Backward:
    return lambda g: cholesky_back(lower, g)


def _outer(x: Traceable, y: Traceable) -> Traceable:
    """Return x y' for two columns, or for the columns of two matrices in sum."""
    return xp.outer(x, y) if np.ndim(x) == 1 else xp.dot(x, xp.transpose(y))


def _back_from_solve_to_lower(
    x: Traceable, lower: Traceable, _b: Traceable, *, transposed: bool = False
) -> Backward:
    def back(g: Traceable) -> Traceable:
        solved = solve_lower(lower, g, transposed=not transposed)
        return -xp.tril(_outer(x, solved) if transposed else _outer(solved, x))

    return back


def _back_from_solve_to_b(
    _x: Traceable, lower: Traceable, _b: Traceable, *, transposed: bool = False
) -> Backward:
    return lambda g: solve_lower(lower, g, transposed=not transposed)


def _back_from_gaussian_to_k(parts: Traceable, _k: Traceable, r: Traceable) -> Backward:
    n = len(r)
    solved, inverse = parts[1 : 1 + n], xp.reshape(parts[1 + n :], (n, n))
    return lambda g: 0.5 * g[0] * (xp.outer(solved, solved) - inverse)


def _back_from_gaussian_to_r(parts: Traceable, _k: Traceable, r: Traceable) -> Backward:
    return lambda g: -g[0] * parts[1 : 1 + len(r)]


defvjp(cholesky, _back_from_cholesky)
defvjp(solve_lower, _back_from_solve_to_lower, _back_from_solve_to_b)
# The other entries are there for the way back, and have none of their own.
defvjp(gaussian, _back_from_gaussian_to_k, _back_from_gaussian_to_r)


def mvn_total(value: Traceable, mean: Traceable, cov: Traceable) -> Traceable:
    """Return the log-density of a multivariate normal, summed over its rows, in nats.

    Args:
        value: Shape (n,) or (rows, n).
        mean: Shape (n,), or that of value.
        cov: Shape (n, n), symmetric. Not positive definite gives NaN.
    """
    residual = value - mean
    n = np.shape(residual)[-1]
    if np.ndim(residual) == 1:
        return gaussian(cov, residual)[0] - n * special.HALF_LOG_2_PI
    lower = cholesky(cov)
    diagonal = xp.log(lower[np.arange(n), np.arange(n)])
    each = xp.sum(diagonal) + n * special.HALF_LOG_2_PI
    white = solve_lower(lower, xp.transpose(residual))
    return -0.5 * xp.sum(white * white) - np.shape(residual)[0] * each


# --- recurrences --------------------------------------------------------------------


def _earlier(x: Traceable, *, reverse: bool) -> Traceable:
    """Shift along the last axis, so that each entry stands where the next was."""
    gap = xp.zeros_like(x[..., :1])
    parts = [x[..., 1:], gap] if reverse else [gap, x[..., :-1]]
    return xp.concatenate(parts, axis=-1)


def _carried_back(a: Traceable, g: Traceable, *, reverse: bool) -> Traceable:
    factors = _earlier(a, reverse=not reverse) if np.ndim(a) else a
    return recurrence(factors, g, reverse=not reverse)


def _back_from_recurrence_to_a(
    y: Traceable, a: Traceable, _x: Traceable, *, reverse: bool = False
) -> Backward:
    def back(g: Traceable) -> Traceable:
        each = _carried_back(a, g, reverse=reverse) * _earlier(y, reverse=reverse)
        return each if np.ndim(a) else xp.sum(each)

    return back


def _back_from_recurrence_to_x(
    _y: Traceable, a: Traceable, _x: Traceable, *, reverse: bool = False
) -> Backward:
    return lambda g: _carried_back(a, g, reverse=reverse)


defvjp(recurrence, _back_from_recurrence_to_a, _back_from_recurrence_to_x)
