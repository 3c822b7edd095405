"""Elementary and special functions, written once for every kind of number.

Each takes a `Lanes` (`exmc.numerics.lanes`) and numbers of it. The answers are the
same to the bit on numpy arrays, on Python floats and in machine code, on every
processor: none of them asks the C library or numpy for more than IEEE arithmetic.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from exmc.numerics.elementary import (
    exponential,
    gamma,
    logarithm,
    normal,
    plain,
    power,
    trigonometric,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from exmc.numerics.lanes import Number

__all__ = ["ELEMENTARY"]

ELEMENTARY: Final[Mapping[str, Callable[..., Number]]] = {
    "neg": plain.neg,
    "recip": plain.recip,
    "sqrt": plain.sqrt,
    "abs": plain.absolute,
    "sign": plain.sign,
    "floor": plain.floor,
    "max": plain.maximum,
    "min": plain.minimum,
    "lt": plain.less,
    "le": plain.less_or_equal,
    "eq": plain.equal,
    "where": plain.where,
    "exp": exponential.exp,
    "expm1": exponential.expm1,
    "tanh": exponential.tanh,
    "sigmoid": exponential.sigmoid,
    "log": logarithm.log,
    "log1p": logarithm.log1p,
    "softplus": logarithm.softplus,
    "log1mexp": logarithm.log1mexp,
    "pow": power.pow_,
    "sin": trigonometric.sin,
    "cos": trigonometric.cos,
    "atan": trigonometric.atan,
    "lgamma": gamma.lgamma,
    "digamma": gamma.digamma,
    "trigamma": gamma.trigamma,
    "erf": normal.erf,
    "erfc": normal.erfc,
    "log_ndtr": normal.log_ndtr,
    "log_ndtr_slope": normal.log_ndtr_slope,
    "ndtri": normal.ndtri,
}
"""By the name that a program gives the operation; called with lanes and arguments."""
