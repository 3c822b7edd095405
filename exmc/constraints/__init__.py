"""The sets that values and parameters live in, as data."""

from __future__ import annotations

from exmc.constraints.constraint import Constraint
from exmc.constraints.interval import (
    BINARY,
    COUNT,
    NONNEGATIVE,
    POSITIVE,
    PROBABILITY,
    REAL,
    UNIT_INTERVAL,
    Bound,
    Interval,
)

__all__ = [
    "BINARY",
    "COUNT",
    "NONNEGATIVE",
    "POSITIVE",
    "PROBABILITY",
    "REAL",
    "UNIT_INTERVAL",
    "Bound",
    "Constraint",
    "Interval",
]
