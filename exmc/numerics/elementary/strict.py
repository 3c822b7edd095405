"""Elementary functions of numpy arrays with the same bits on every processor.

As `scalar` on each entry, and as machine code. numpy may warn of overflow and of
invalid operations; callers that mind wrap themselves in `np.errstate`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from exmc.numerics.elementary import ELEMENTARY
from exmc.numerics.elementary.arrays import ARRAYS

if TYPE_CHECKING:
    from collections.abc import Callable

    from exmc.typing import Array


def _of_one(name: str) -> Callable[[Array], Array]:
    function = ELEMENTARY[name]

    def strict(x: Array) -> Array:
        value: Array = function(ARRAYS, x)
        return value

    strict.__name__ = strict.__qualname__ = name
    strict.__doc__ = function.__doc__
    return strict


def _of_two(name: str) -> Callable[[Array, Array], Array]:
    function = ELEMENTARY[name]

    def strict(x: Array, y: Array) -> Array:
        value: Array = function(ARRAYS, x, y)
        return value

    strict.__name__ = strict.__qualname__ = name
    strict.__doc__ = function.__doc__
    return strict


exp: Final = _of_one("exp")
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
