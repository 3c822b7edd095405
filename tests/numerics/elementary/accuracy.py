"""Rows of a function beside mpmath's, and the law that judges them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import mpmath
import numpy as np
import pytest

from exmc.numerics.elementary import ELEMENTARY
from exmc.numerics.elementary.arrays import ARRAYS

NORMAL = 2.2250738585072014e-308
"""Smaller answers are subnormal, or flushed to zero: judged by absolute error."""


@dataclass(frozen=True)
class Row:
    """An elementary function, the exact one, and where they are compared.

    Attributes:
        name: Key of ELEMENTARY, or a function of lanes.
        exact: The same in mpmath, on mpf.
        at: Arguments, one array each.
        within: Largest |error| / max(floor, |value|).
        floor: 1 for an error that is absolute near zeros.
    """

    name: str | Callable[..., Any]
    exact: Callable[..., Any]
    at: tuple[Any, ...]
    within: float
    floor: float = NORMAL


def generator() -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(11))


def evenly(low: float, high: float, n: int = 300) -> Any:
    return generator().uniform(low, high, n)


def by_magnitude(low: float, high: float, n: int = 300) -> Any:
    """Numbers above zero whose logarithms are uniform."""
    powers = generator().uniform(np.log2(low), np.log2(high), n)
    whole = np.floor(powers)
    return np.ldexp(np.exp2(powers - whole), whole.astype(int))


def both_signs(x: Any) -> Any:
    return np.concatenate([x, -x])


def values(row: Row) -> Any:
    function = ELEMENTARY[row.name] if isinstance(row.name, str) else row.name
    with np.errstate(all="ignore"):
        return function(ARRAYS, *row.at)


def law_of_accuracy(row: Row) -> None:
    ours, points = values(row), zip(*row.at, strict=True)
    with mpmath.workdps(50):
        errors = []
        for value, point in zip(ours, points, strict=True):
            truth = row.exact(*(mpmath.mpf(float(x)) for x in point))
            error = abs(mpmath.mpf(float(value)) - truth)
            errors.append(float(error / max(abs(truth), row.floor)))
    assert max(errors) <= row.within


def law_rejects_a_wrong_digit(row: Row) -> None:
    def wrong(_lanes: object, *_at: object) -> Any:
        return values(row) * (1.0 + 4.0 * row.within)

    with pytest.raises(AssertionError):
        law_of_accuracy(replace(row, name=wrong))
