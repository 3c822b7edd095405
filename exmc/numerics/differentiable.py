"""The functions of `exmc.numerics.special` with their derivatives.

Each is one primitive: one step of the trace forward and one back, however many
array operations it takes inside. Derivatives of higher order are not provided.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from exmc.numerics import special
from exmc.numerics.autodiff import Backward, Primitive, defvjp, primitive, unbroadcast

if TYPE_CHECKING:
    from collections.abc import Callable

    from exmc.typing import Array

    Slope: TypeAlias = Callable[..., Array]

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
lgamma_half_step: Primitive = primitive(special.lgamma_half_step)
betaln: Primitive = primitive(special.betaln)
open_interval: Primitive = primitive(special.open_interval)


def _slope_of_softplus(_value: Array, x: Array) -> Array:
    return special.expit(x)


def _slope_of_log1mexp(_value: Array, x: Array) -> Array:
    return 1.0 / np.expm1(x)


def _slope_of_expit(_value: Array, x: Array) -> Array:
    return np.exp(special.log_expit_slope(x))


def _slope_of_log_expit(_value: Array, x: Array) -> Array:
    return special.expit(-x)


def _slope_of_log_expit_slope(_value: Array, x: Array) -> Array:
    return np.asarray(-np.tanh(0.5 * x))


def _slope_of_logit(_value: Array, p: Array) -> Array:
    return 1.0 / (p * (1.0 - p))


def _slope_of_log1p_square(_value: Array, x: Array) -> Array:
    return np.where(np.abs(x) < 1.0, 2.0 * x / (1.0 + x * x), 2.0 / (x + 1.0 / x))


def _slope_of_lgamma(_value: Array, x: Array) -> Array:
    return special.digamma(x)


def _slope_of_digamma(_value: Array, x: Array) -> Array:
    return special.trigamma(x)


def _slope_of_lgamma_half_step(_value: Array, x: Array) -> Array:
    return special.digamma(np.asarray(x) + 0.5) - special.digamma(x)


def _elementwise(function: Primitive, slope: Slope) -> None:
    """Register the derivative of a function of one array, entry by entry."""

    def backward(value: Array, x: Array) -> Backward:
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


def _zero_times(x: Array, factor: Array) -> Array:
    """Multiply, with 0 where x is 0 even if the factor is infinite."""
    return np.where(np.asarray(x) == 0.0, 0.0, x * factor)


def _broadcasting(function: Primitive, *slopes: Slope) -> None:
    """Register one derivative for each argument of a broadcasting function."""

    def backward_to(which: int) -> Callable[..., Backward]:
        def backward(_value: Array, *inputs: Array) -> Backward:
            with np.errstate(all="ignore"):
                factor = slopes[which](*inputs)

            def back(g: Array) -> Array:
                return g * factor

            return unbroadcast(inputs[which], back)

        return backward

    defvjp(function, *(backward_to(which) for which in range(len(slopes))))


def _xlogy_by_x(_x: Array, y: Array) -> Array:
    return np.asarray(np.log(y))


def _xlogy_by_y(x: Array, y: Array) -> Array:
    return _zero_times(x, 1.0 / np.asarray(y))


def _xlog1py_by_x(_x: Array, y: Array) -> Array:
    return np.asarray(np.log1p(y))


def _xlog1py_by_y(x: Array, y: Array) -> Array:
    return _zero_times(x, 1.0 / (1.0 + np.asarray(y)))


def _betaln_by_a(a: Array, b: Array) -> Array:
    return special.digamma(a) - special.digamma(np.add(a, b))


def _betaln_by_b(a: Array, b: Array) -> Array:
    return special.digamma(b) - special.digamma(np.add(a, b))


def _open_interval_by_x(x: Array, lower: Array, upper: Array) -> Array:
    return (upper - lower) * np.exp(special.log_expit_slope(x))


def _open_interval_by_lower(x: Array, _lower: Array, _upper: Array) -> Array:
    return special.expit(-x)


def _open_interval_by_upper(x: Array, _lower: Array, _upper: Array) -> Array:
    return special.expit(x)


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
    value: Array,
    x: Array,
    axis: int | tuple[int, ...] | None = None,
    *,
    keepdims: bool = False,
) -> Backward:
    x = np.asarray(x)
    kept = np.shape(np.sum(x, axis=axis, keepdims=True))
    anchor = np.where(np.isfinite(value), value, 0.0).reshape(kept)
    with np.errstate(all="ignore"):
        share = np.exp(x - anchor)

    def back(g: Array) -> Array:
        return np.reshape(g, kept) * share

    return back if not keepdims else (lambda g: g * share)


defvjp(logsumexp, _backward_of_logsumexp)
