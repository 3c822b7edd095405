"""Whether a function and the record of its steps say the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from exmc.errors import UntraceableError

if TYPE_CHECKING:
    from collections.abc import Callable

Outcome: TypeAlias = Any
"""What a function returned, or the type of the error it raised."""


def check_agreement(
    name: str,
    function: Callable[..., Any],
    traced: Callable[..., Any],
    values: list[Any],
) -> None:
    """Refuse a record that differs from its function here or at random points.

    Args:
        name: Of the function, for the message.
        function: As the user wrote it.
        traced: Its record.
        values: The arguments at the initial point.

    Raises:
        UntraceableError: They differ; gives both answers.
    """
    generator = np.random.Generator(np.random.PCG64(20261122))
    for sign, scale in ((1, 0.0), (1, 0.1), (-1, 0.1), (1, 1.0)):
        noise = [scale * generator.standard_normal(np.shape(v)) for v in values]
        point = [sign * v + n for v, n in zip(values, noise, strict=True)]
        expected, got = _outcome(function, point), _outcome(traced, point)
        if not _same(expected, got):
            message = (
                f"The function {name} gives {expected} where its recorded "
                f"steps give {got}; it must depend on its arguments only, without "
                f"random numbers, state, or branches on values."
            )
            raise UntraceableError(message)


def _outcome(function: Callable[..., Any], point: list[Any]) -> Outcome:
    """Return the value of a function, or the type of the error it raises."""
    try:
        with np.errstate(all="ignore"):
            return function(*copies(point))
    except Exception as error:  # noqa: BLE001 - the user's function may raise anything
        return type(error)


def _same(expected: Outcome, got: Outcome) -> bool:
    if isinstance(expected, type) or isinstance(got, type):
        return expected is got
    if not (is_real(expected) and np.shape(expected) == np.shape(got)):
        return False
    return np.allclose(got, expected, rtol=1e-9, atol=1e-12, equal_nan=True)


def is_real(result: object) -> bool:
    """Tell whether a result is a real number or an array of them."""
    number = isinstance(result, np.ndarray | np.generic | float | int)
    return number and np.asarray(result).dtype.kind in "biuf"


def copies(values: list[Any]) -> list[Any]:
    """Return copies, so that a function may change its arguments in place."""
    return [np.array(v) if isinstance(v, np.ndarray) else v for v in values]
