"""The affine map between the model's coordinates and the kernel's whitened ones.

The kernel moves in coordinates y in which the posterior should look like N(0, I);
the model knows z = mean + scale * y, entry by entry. The gradient in y is the scale
times the gradient in z; the constant sum(log(scale)) is left out, so the log-density
is the same number in both. Nothing but this file knows of what kind the map is.

Rule for this file: the compilable subset (exmc.native.subset).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from exmc.numerics.reductions import all_finite

if TYPE_CHECKING:
    from exmc.sampler.vector import Rows
    from exmc.typing import Density, Vector

# Rows of `metric`, shape (METRIC_ROWS, dim).
MEAN: Final = 0
SCALE: Final = 1
"""Greater than zero; its square stands for the variances."""
POINT: Final = 2
"""Workspace: where the density was evaluated last, in the model's coordinates."""
METRIC_ROWS: Final = 3


def whitened_density(
    density: Density, metric: Rows, position: Vector, gradient: Vector
) -> float:
    """Evaluate the model's density at a whitened position.

    Args:
        density: In the model's coordinates.
        metric: The map.
        position: Shape (dim,), whitened.
        gradient: Shape (dim,); filled with the gradient in whitened coordinates.

    Returns:
        The log-density; NaN when it or an entry of the gradient is not finite.
    """
    unwhiten(metric, position, metric[POINT])
    log_density = density(metric[POINT], gradient)
    pull_back(metric, gradient)
    if math.isfinite(log_density) and all_finite(gradient):
        return log_density
    return math.nan


def unwhiten(metric: Rows, whitened: Vector, position: Vector) -> None:
    """Write z for y into `position`."""
    position[:] = metric[MEAN] + metric[SCALE] * whitened


def whiten(metric: Rows, vector: Vector) -> None:
    """Replace z by y."""
    vector[:] = (vector - metric[MEAN]) / metric[SCALE]


def pull_back(metric: Rows, gradient: Vector) -> None:
    """Replace a gradient in z by the gradient in y."""
    gradient *= metric[SCALE]


def push_forward(metric: Rows, gradient: Vector, target: Vector) -> None:
    """Write the gradient in z for a gradient in y into `target`."""
    target[:] = gradient / metric[SCALE]
