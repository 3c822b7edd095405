"""The leapfrog integrator: one step of Hamilton's equations with unit mass.

H(position, momentum) = -log_density(position) + momentum'momentum / 2.

Rule for this file: the compilable subset (exmc.native.subset).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from exmc.sampler.preconditioner import whitened_density

if TYPE_CHECKING:
    from exmc.sampler.vector import Rows
    from exmc.typing import Density, Vector


def leapfrog(
    density: Density,
    metric: Rows,
    position: Vector,
    momentum: Vector,
    gradient: Vector,
    step_size: float,
) -> float:
    """Move a phase point by one step (Neal 2011, eq. 5.18-5.20), in place.

    Reversible, volume-preserving, of local energy error O(step_size**3). A
    negative step size goes back in time.

    Args:
        density: Log-density and gradient in the model's coordinates.
        metric: The map to whitened coordinates (preconditioner.py).
        position: Shape (dim,), whitened; moved.
        momentum: Shape (dim,); moved.
        gradient: Of the log-density, at the position; kept in step with it.
        step_size: In units of the whitened coordinates.

    Returns:
        The log-density at the new position; NaN when it or its gradient is not
        finite, for the caller to judge.
    """
    half = 0.5 * step_size
    momentum += half * gradient
    position += step_size * momentum
    log_density = whitened_density(density, metric, position, gradient)
    momentum += half * gradient
    return log_density
