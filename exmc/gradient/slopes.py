"""Derivatives that replace the library's own while a gradient is recorded.

The same derivatives in fewer steps, and without products of 0 and infinity: the
library's multiply by truth values where ours choose.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from exmc.gradient.library import ARRAY_NAMES, LINALG_NAMES
from exmc.numerics import differentiable
from exmc.numerics.autodiff import unbroadcast, xp

if TYPE_CHECKING:
    from exmc.numerics.autodiff import Backward, Traceable

Slope: TypeAlias = "Callable[..., Backward]"
"""`(value, *arguments)` to the backward by one argument."""

Backwards: TypeAlias = Callable[
    [tuple[int, ...], Any, tuple[Any, ...], dict[str, Any]],
    Callable[[Any], "Iterator[Any]"],
]
"""As autograd keeps them: `(argument numbers, value, arguments, keywords)`."""


def _of(*slopes: Slope) -> Backwards:
    """Return derivatives as autograd keeps them, from one for each argument."""

    def backwards(
        places: tuple[int, ...],
        value: Traceable,
        arguments: tuple[Any, ...],
        keywords: dict[str, Any],
    ) -> Callable[[Traceable], Iterator[Traceable]]:
        ready = [slopes[n](value, *arguments, **keywords) for n in places]
        return lambda g: (back(g) for back in ready)

    return backwards


def _to_abs(_value: Traceable, x: Traceable) -> Backward:
    return lambda g: g * xp.sign(x)


def _to_sqrt(value: Traceable, _x: Traceable) -> Backward:
    return lambda g: 0.5 * g / value


def _to_chosen(value: Traceable, x: Traceable, y: Traceable) -> Backward:
    """A gradient goes to the argument that was chosen, half to each of equals."""

    def back(g: Traceable) -> Traceable:
        return xp.where(x == value, xp.where(x == y, 0.5 * g, g), 0.0)

    return unbroadcast(x, back)


def _to_other(value: Traceable, x: Traceable, y: Traceable) -> Backward:
    return _to_chosen(value, y, x)


def _to_logaddexp(_value: Traceable, x: Traceable, y: Traceable) -> Backward:
    return unbroadcast(x, lambda g: g * differentiable.expit(x - y))


def _to_logaddexp_other(_value: Traceable, x: Traceable, y: Traceable) -> Backward:
    return unbroadcast(y, lambda g: g * differentiable.expit(y - x))


def _to_log1p_square(_value: Traceable, x: Traceable) -> Backward:
    return lambda g: g * (2.0 * x / (1.0 + x * x))


def _to_cholesky(value: Traceable, _a: Traceable) -> Backward:
    return lambda g: differentiable.cholesky_back(value, g)


OWN: Final[dict[Any, Backwards]] = {
    ARRAY_NAMES["abs"]: _of(_to_abs),
    ARRAY_NAMES["sqrt"]: _of(_to_sqrt),
    ARRAY_NAMES["maximum"]: _of(_to_chosen, _to_other),
    ARRAY_NAMES["minimum"]: _of(_to_chosen, _to_other),
    ARRAY_NAMES["logaddexp"]: _of(_to_logaddexp, _to_logaddexp_other),
    differentiable.log1p_square: _of(_to_log1p_square),
    LINALG_NAMES["cholesky"]: _of(_to_cholesky),
}
"""By primitive."""
