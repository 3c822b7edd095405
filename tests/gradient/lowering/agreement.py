"""Whether a program computes what autograd does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from exmc.gradient.lowering import Lowered, program_of_density, program_of_values
from exmc.numerics.autodiff import value_and_grad
from tests.plain.program_evaluator import evaluate

Function = Callable[[Any], Any]


def points(dim: int, count: int = 3, scale: float = 0.7) -> list[Any]:
    stream = np.random.Generator(np.random.PCG64(20261202))
    return [scale * stream.standard_normal(dim) for _ in range(count)]


def close(ours: Any, theirs: Any, rtol: float = 1e-9) -> bool:
    """Equal but for rounding; NaN and infinity agree with themselves."""
    return np.shape(ours) == np.shape(theirs) and np.allclose(
        ours, theirs, rtol=rtol, atol=1e-12, equal_nan=True
    )


def agrees(
    function: Function, dim: int, scale: float = 0.7, lowered: Lowered | None = None
) -> bool:
    """Lower a density and compare it at three points."""
    lowered = lowered or program_of_density(function, dim)
    for z in points(dim, scale=scale):
        value, gradient = evaluate(lowered.program, lowered.data, z)
        with np.errstate(all="ignore"):
            expected, slope = value_and_grad(function)(z)
        if not (close(value, expected) and close(gradient, slope)):
            return False
    return True


def values_agree(function: Function, dim: int) -> bool:
    """Lower a function of one array without its gradient, and compare it."""
    width = np.size(function(points(dim)[0]))
    lowered = program_of_values(lambda z: [function(z)], dim, width)
    for z in points(dim):
        scalar, vector = evaluate(lowered.program, lowered.data, z)
        if not (scalar == 0.0 and close(vector, np.ravel(function(z)))):
            return False
    return True
