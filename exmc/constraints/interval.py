"""An interval of real or of whole numbers, with either end open or closed."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from exmc.numerics.autodiff import Traceable, is_traced, xp

if TYPE_CHECKING:
    from collections.abc import Mapping

Bound: TypeAlias = Traceable
"""A number, an array, a traced value, or the name of a parameter."""


@dataclass(frozen=True, slots=True)
class Interval:
    """The finite numbers between two bounds.

    Attributes:
        lower: The lower bound; -inf for none.
        upper: The upper bound; inf for none.
        open_lower: Whether the lower bound itself is left out.
        open_upper: Whether the upper bound itself is left out.
        integer: Whether only whole numbers belong to the set.
    """

    lower: Bound = -math.inf
    upper: Bound = math.inf
    open_lower: bool = False
    open_upper: bool = False
    integer: bool = False

    @property
    def is_fixed(self) -> bool:
        """Tell whether both bounds are values rather than names."""
        return not isinstance(self.lower, str) and not isinstance(self.upper, str)

    @property
    def is_bounded_below(self) -> bool:
        """Tell whether there is a lower bound."""
        return _is_bound(self.lower)

    @property
    def is_bounded_above(self) -> bool:
        """Tell whether there is an upper bound."""
        return _is_bound(self.upper)

    @property
    def is_whole_line(self) -> bool:
        """Tell whether every finite number belongs to the set."""
        bounded = self.is_bounded_below or self.is_bounded_above
        return not bounded and not self.integer

    def resolve(self, parameters: Mapping[str, Traceable]) -> Interval:
        """Return the interval with each named bound replaced by its value.

        Raises:
            KeyError: A bound's name is not among the parameters.
        """
        if self.is_fixed:
            return self
        lower, upper = (
            parameters[bound] if isinstance(bound, str) else bound
            for bound in (self.lower, self.upper)
        )
        return replace(self, lower=lower, upper=upper)

    def contains(self, values: Traceable) -> Traceable:
        """Tell entry by entry whether values lie in the interval.

        Args:
            values: Numbers, of any shape that broadcasts with the bounds.

        Returns:
            Booleans, in the broadcast shape. NaN and infinity never belong.
        """
        if not is_traced(values):
            values = np.asarray(values)
        above = _later(values, self.lower, is_open=self.open_lower)
        below = _later(self.upper, values, is_open=self.open_upper)
        inside = xp.logical_and(xp.logical_and(above, below), xp.isfinite(values))
        if self.integer:
            inside = xp.logical_and(inside, xp.floor(values) == values)
        return inside

    def somewhere(self) -> float:
        """Return a number inside, where a density may safely be evaluated.

        Bounds that are not plain numbers are read as absent.
        """
        lower, upper = _finite(self.lower), _finite(self.upper)
        if self.integer and lower is not None:
            return lower
        if lower is not None and upper is not None:
            return 0.5 * (lower + upper)
        if lower is not None:
            return lower + 1.0
        return 0.0 if upper is None else upper - 1.0

    def describe(self) -> str:
        """Say the set in words that finish the sentence "it must be ..."."""
        kind = "a whole number" if self.integer else ""
        if not self.is_bounded_below and not self.is_bounded_above:
            return kind or "a finite number"
        if self.integer and self._is_zero_to(1.0):
            return "0 or 1"
        return f"{kind}, {self._range()}" if kind else self._range()

    def _is_zero_to(self, upper: float) -> bool:
        return _finite(self.lower) == 0.0 and _finite(self.upper) == upper

    def _range(self) -> str:
        lower, upper = _words(self.lower), _words(self.upper)
        if self.is_bounded_below and self.is_bounded_above:
            ends = (self.open_lower, self.open_upper)
            return _between(lower, upper, ends)
        if self.is_bounded_below:
            return f"greater than {lower}" if self.open_lower else f"{lower} or more"
        return f"less than {upper}" if self.open_upper else f"{upper} or less"


def _between(lower: str, upper: str, ends: tuple[bool, bool]) -> str:
    match ends:
        case (True, True):
            return f"strictly between {lower} and {upper}"
        case (False, False):
            return f"between {lower} and {upper}"
        case (True, False):
            return f"greater than {lower} and at most {upper}"
        case _:
            return f"at least {lower} and less than {upper}"


def _is_bound(bound: Bound) -> bool:
    return not isinstance(bound, (int, float)) or math.isfinite(bound)


def _finite(bound: Bound) -> float | None:
    is_number = isinstance(bound, (int, float)) and math.isfinite(bound)
    return bound if is_number else None


def _words(bound: Bound) -> str:
    if isinstance(bound, str):
        return bound
    number = _finite(bound)
    if number is None:
        return "its bound"
    return "zero" if number == 0.0 else f"{number:g}"


def _later(x: Traceable, y: Traceable, *, is_open: bool) -> Traceable:
    return x > y if is_open else x >= y


REAL = Interval()
POSITIVE = Interval(0.0, open_lower=True)
NONNEGATIVE = Interval(0.0)
UNIT_INTERVAL = Interval(0.0, 1.0, open_lower=True, open_upper=True)
PROBABILITY = Interval(0.0, 1.0)
BINARY = Interval(0.0, 1.0, integer=True)
COUNT = Interval(0.0, integer=True)
