"""The leapfrog integrator: one step of Hamilton's equations with unit mass.

H(position, momentum) = -log_density(position) + momentum'momentum / 2.

Rule for this file: the compilable subset of nuts.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from exmc.sampler.vector import add_scaled

if TYPE_CHECKING:
    from exmc.typing import Density, Vector


def leapfrog(
    density: Density,
    position: Vector,
    momentum: Vector,
    gradient: Vector,
    step_size: float,
) -> float:
    """Move a phase point by one step (Neal 2011, eq. 5.18-5.20), in place.

    Reversible, volume-preserving, of local energy error O(step_size**3). A
    negative step size goes back in time.

    Args:
        density: Log-density and gradient.
        position: Shape (dim,); moved.
        momentum: Shape (dim,); moved.
        gradient: Of the log-density, at the position; kept in step with it.
        step_size: In units of the whitened coordinates.

    Returns:
        The log-density at the new position; NaN when it or its gradient is not
        finite, for the caller to judge.
    """
    half = 0.5 * step_size
    add_scaled(momentum, half, gradient)
    add_scaled(position, step_size, momentum)
    log_density = density(position, gradient)
    add_scaled(momentum, half, gradient)
    return log_density
