"""Distances from the truth in standard errors, at a published false-alarm rate."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING

from scipy.stats import t as student_t

if TYPE_CHECKING:
    from exmc.typing import Vector

FALSE_ALARM = 1e-6
BATCHES = 50


def limit() -> float:
    """The distance that an unbiased estimate passes once in a million tests.

    Student's t, because the standard error is itself estimated from the batches.
    """
    return float(student_t.isf(FALSE_ALARM / 2, df=BATCHES - 1))


def standard_error(draws: Vector) -> float:
    """Of the mean of correlated draws, shape (n,), by batch means."""
    size = len(draws) // BATCHES
    batches = draws[: BATCHES * size].reshape(BATCHES, size).mean(axis=1)
    return float(batches.std(ddof=1) / sqrt(BATCHES))


def distance(draws: Vector, truth: float) -> float:
    """How many standard errors the mean of the draws is from the truth."""
    return float(abs(draws.mean() - truth) / standard_error(draws))
