"""Small models for the tests of runs."""

from __future__ import annotations

import numpy as np

import exmc


def normal() -> exmc.Model:
    """One variable, Normal(2, 3)."""
    with exmc.Model() as model:
        exmc.Normal("x", 2.0, 3.0)
    return model


def nowhere_finite() -> exmc.Model:
    """A density that is NaN everywhere."""
    with exmc.Model() as model:
        x = exmc.Normal("x", 0.0, 1.0)
        exmc.Potential("hopeless", np.log(-1.0 - x**2))
    return model
