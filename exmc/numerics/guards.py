"""The one place where an array value becomes a Python number.

Non-finite is information: `finite_or_nan` turns it into NaN, which a sampler reads
as a divergence; `scalar` and `count` turn it into an error that names the value.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, SupportsFloat

import numpy as np

from exmc.errors import BadDataError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from exmc.errors import ExmcError

_LARGEST_WHOLE = 2.0**53
"""Every whole number up to here is a float64 of its own."""


def finite_or_nan(value: SupportsFloat) -> float:
    """Return a 0-d value as a float; infinity becomes NaN, like NaN itself."""
    number = float(value)
    return number if math.isfinite(number) else math.nan


def all_finite(values: ArrayLike) -> bool:
    """Tell whether no entry is NaN or infinite. O(size)."""
    return bool(np.isfinite(values).all())


def scalar(value: ArrayLike, name: str, error: type[ExmcError] = BadDataError) -> float:
    """Return the only entry of a value as a finite float.

    Args:
        value: A number, or an array with exactly one entry.
        name: What the value is, for the message.
        error: The class to raise.

    Raises:
        ExmcError: Of class `error`, if the value is not one finite number.
    """
    array = np.asarray(value)
    if array.size != 1 or array.dtype.kind not in "biuf":
        message = f"{name} must be one number, got {_shown(value)}; pass a scalar."
        raise error(message)
    number = float(array.reshape(()))
    if not math.isfinite(number):
        message = f"{name} must be finite, got {number!r}; look for NaN or overflow."
        raise error(message)
    return number


def count(
    value: ArrayLike, name: str = "a count", error: type[ExmcError] = BadDataError
) -> int:
    """Return a whole number that is kept in a float array as an int.

    Raises:
        ExmcError: Of class `error`, if the value is not one whole number that
            float64 holds exactly.
    """
    number = scalar(value, name, error)
    if not number.is_integer() or abs(number) > _LARGEST_WHOLE:
        message = f"{name} must be a whole number up to 2**53, got {number!r}."
        raise error(message)
    return int(number)


def _shown(value: ArrayLike) -> str:
    array = np.asarray(value)
    if array.dtype.kind not in "biuf" or array.size == 1:
        return repr(value)
    return f"an array of shape {array.shape}"
