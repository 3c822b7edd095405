"""Elementary functions of one Python float, as kernels call them.

The bits are those of `strict` and of machine code; `math` gives those of the machine's
own library. None of them raises: what has no answer is infinite or NaN.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from exmc.numerics.elementary import ELEMENTARY
from exmc.numerics.elementary.exponential import (
    EXP,
    LARGEST,
    LOG2_HIGH,
    LOG2_LOW,
    MAGIC,
    PER_LOG2,
    SMALLEST,
)
from exmc.numerics.elementary.floats import FLOATS

if TYPE_CHECKING:
    from collections.abc import Callable

_A, _B, _C, _D, _E, _F, _G, _H, _I, _J = EXP


def divide(x: float, y: float) -> float:
    """Return x / y, infinite or NaN where y is zero."""
    return FLOATS.divide(x, y)


def _of_one(name: str) -> Callable[[float], float]:
    function = ELEMENTARY[name]

    def scalar(x: float) -> float:
        value: float = function(FLOATS, float(x))
        return value

    scalar.__name__ = scalar.__qualname__ = name
    scalar.__doc__ = function.__doc__
    return scalar


def _of_two(name: str) -> Callable[[float, float], float]:
    function = ELEMENTARY[name]

    def scalar(x: float, y: float) -> float:
        value: float = function(FLOATS, float(x), float(y))
        return value

    scalar.__name__ = scalar.__qualname__ = name
    scalar.__doc__ = function.__doc__
    return scalar


def exp(x: float) -> float:
    """Return e to the power x: `exponential.exp`, written out.

    A sampler in Python asks for it at every step, and this is five times as fast.
    """
    x = float(x)
    if not SMALLEST <= x <= LARGEST:
        return 0.0 if x < SMALLEST else x * math.inf
    k = (x * PER_LOG2 + MAGIC) - MAGIC
    r = (x - k * LOG2_HIGH) - k * LOG2_LOW
    r2 = r * r
    even = _A + (_C + (_E + (_G + _I * r2) * r2) * r2) * r2
    odd = _B + (_D + (_F + (_H + _J * r2) * r2) * r2) * r2
    return math.ldexp(1.0 + (r + r2 * (even + r * odd)), int(k))


expm1: Final = _of_one("expm1")
log: Final = _of_one("log")
log1p: Final = _of_one("log1p")
log1mexp: Final = _of_one("log1mexp")
sigmoid: Final = _of_one("sigmoid")
softplus: Final = _of_one("softplus")
tanh: Final = _of_one("tanh")
sin: Final = _of_one("sin")
cos: Final = _of_one("cos")
atan: Final = _of_one("atan")
floor: Final = _of_one("floor")
erf: Final = _of_one("erf")
erfc: Final = _of_one("erfc")
lgamma: Final = _of_one("lgamma")
digamma: Final = _of_one("digamma")
trigamma: Final = _of_one("trigamma")
log_ndtr: Final = _of_one("log_ndtr")
log_ndtr_slope: Final = _of_one("log_ndtr_slope")
ndtri: Final = _of_one("ndtri")
pow: Final = _of_two("pow")  # noqa: A001 - the operation's name
