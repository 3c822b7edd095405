"""What the source of the fast emitter calls, by the names it uses there.

The functions of floats are those of `math`: they raise where IEEE arithmetic gives an
infinity or NaN, and the bound function then asks the strict one.
"""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from exmc.gradient.source import fast_matrices
from exmc.numerics import matrices
from exmc.numerics.elementary import ELEMENTARY
from exmc.numerics.elementary.arrays import QUICK
from exmc.numerics.elementary.floats import FLOATS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from exmc.gradient.program import Shape
    from exmc.typing import Array

SHORT: Final = 128
"""Length up to which a loop over Python floats is the fastest recurrence."""


def spread(x: Array | float, shape: Shape) -> Array:
    """Return x in a larger shape, as an array of its own."""
    result = np.empty(shape)
    result[...] = x
    return result


def softplus(x: Array) -> Array:
    """Return log(1 + exp(x))."""
    return np.asarray(np.maximum(x, 0.0) + np.log1p(np.exp(-np.abs(x))))


def float_softplus(x: float) -> float:
    """Return log(1 + exp(x)); NaN is kept."""
    return (max(x, 0.0)) + math.log1p(math.exp(-abs(x)))


def log1mexp(x: Array) -> Array:
    """Return log(1 - exp(x)) for x < 0."""
    near = np.log(-np.expm1(x))
    return np.where(x > -math.log(2.0), near, np.log1p(-np.exp(x)))


def float_log1mexp(x: float) -> float:
    """Return log(1 - exp(x)) for x < 0."""
    if x > -math.log(2.0):
        return math.log(-math.expm1(x))
    return math.log1p(-math.exp(x))


def float_sign(x: float) -> float:
    """Return -1.0, 0.0, 1.0 or NaN."""
    return x if x != x or x == 0.0 else math.copysign(1.0, x)  # noqa: PLR0124 - NaN


def float_floor(x: float) -> float:
    """Return the whole number at or below x."""
    return float(math.floor(x))


def float_max(x: float, y: float) -> float:
    """Return the larger; NaN if either is."""
    return x if x > y or x != x else y  # noqa: PLR0124 - NaN


def float_min(x: float, y: float) -> float:
    """Return the smaller; NaN if either is."""
    return x if x < y or x != x else y  # noqa: PLR0124 - NaN


def recurrence(a: Array | float, x: Array) -> Array:
    """Return y[..., t] = a[..., t] y[..., t - 1] + x[..., t], with y[..., -1] = 0."""
    long = x.ndim > 1 or x.size > SHORT
    if long and isinstance(a, float) and abs(a) <= 1.0:
        return _doubled(a, x)
    return stepwise(a, x)


def stepwise(a: Array | float, x: Array) -> Array:
    """Return the same, one step after the other."""
    if x.ndim == 1:
        y = 0.0
        if isinstance(a, float):
            return np.array([y := a * y + v for v in x.tolist()])
        both = zip(a.tolist(), x.tolist(), strict=True)
        return np.array([y := b * y + v for b, v in both])
    factors = np.broadcast_to(a, x.shape)
    result, last = np.empty(x.shape), np.zeros(x.shape[:-1])
    for t in range(x.shape[-1]):
        last = result[..., t] = factors[..., t] * last + x[..., t]
    return result


def _doubled(a: float, x: Array) -> Array:
    """Return the recurrence for |a| <= 1, by sums over 2, 4, 8, ... steps.

    O(n log n), but in few calls.
    """
    result, step = x.copy(), 1
    while step < x.shape[-1] and a:
        result[..., step:] += a * result[..., :-step]
        a, step = a * a, 2 * step
    return result


def _elementary() -> dict[str, Any]:
    """Return every elementary function, on arrays and on floats."""
    names: dict[str, Any] = {}
    for name, function in ELEMENTARY.items():
        names[name] = partial(function, QUICK)
        names[f"float_{name}"] = partial(function, FLOATS)
    return names


FUNCTIONS: Final[Mapping[str, Any]] = {
    **_elementary(),
    "abs": np.abs,
    "add_accumulate": np.add.accumulate,
    "add_reduce": np.add.reduce,
    "ascontiguousarray": np.ascontiguousarray,
    "atan": np.arctan,
    "bincount": np.bincount,
    "cholesky": matrices.cholesky,
    "cholesky_back": fast_matrices.cholesky_back,
    "cos": np.cos,
    "empty": np.empty,
    "exp": np.exp,
    "expm1": np.expm1,
    "float64": np.float64,
    "float_abs": math.fabs,
    "float_atan": math.atan,
    "float_cos": math.cos,
    "float_erf": math.erf,
    "float_erfc": math.erfc,
    "float_exp": math.exp,
    "float_expm1": math.expm1,
    "float_floor": float_floor,
    "float_lgamma": math.lgamma,
    "float_log": math.log,
    "float_log1mexp": float_log1mexp,
    "float_log1p": math.log1p,
    "float_max": float_max,
    "float_min": float_min,
    "float_pow": math.pow,
    "float_sign": float_sign,
    "float_sin": math.sin,
    "float_softplus": float_softplus,
    "float_sqrt": math.sqrt,
    "float_tanh": math.tanh,
    "floor": np.floor,
    "gaussian": fast_matrices.gaussian,
    "inf": math.inf,
    "inverse": fast_matrices.inverse,
    "log": np.log,
    "log1mexp": log1mexp,
    "log1p": np.log1p,
    "max": np.maximum,
    "maximum_reduce": np.maximum.reduce,
    "min": np.minimum,
    "nan": math.nan,
    "ndarray": np.ndarray,
    "ones": np.ones,
    "pow": np.power,
    "ravel": np.ravel,
    "recurrence": recurrence,
    "sign": np.sign,
    "sin": np.sin,
    "softplus": softplus,
    "spread": spread,
    "sqrt": np.sqrt,
    "tanh": np.tanh,
    "tril": np.tril,
    "where": np.where,
    "zeros": np.zeros,
}
