"""Where a chain begins: a point with finite log-density and gradient."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from exmc.errors import BadStartError
from exmc.numerics.guards import all_finite

if TYPE_CHECKING:
    from exmc.sampler.read_ahead import ReadAhead
    from exmc.typing import Density, Vector

REACH = 2.0
MOST_TRIES = 100


@dataclass(frozen=True, slots=True)
class Start:
    """A point where sampling can begin.

    Attributes:
        position: Shape (dim,), in the model's unconstrained coordinates.
        gradient: Of the log-density, at the position.
        log_density: Finite.
        tries: Gradients that it took to find it.
    """

    position: Vector
    gradient: Vector
    log_density: float
    tries: int


def start_at(density: Density, position: Vector) -> Start:
    """Begin at a given point, shape (dim,).

    Raises:
        BadStartError: Log-density or gradient is not finite there.
    """
    gradient = np.zeros_like(position)
    log_density = density(position, gradient)
    if not _finite(log_density, gradient):
        raise _bad_start("The initial point has no", position, gradient)
    return Start(position, gradient, log_density, 1)


def find_start(density: Density, dim: int, uniforms: ReadAhead) -> Start:
    """Begin at a random point: each coordinate uniform on (-2, 2), up to 100 tries.

    Raises:
        BadStartError: No try was finite; trying again with another seed seldom helps.
    """
    position = gradient = np.zeros(dim)
    for tries in range(1, MOST_TRIES + 1):
        position = REACH * (2.0 * uniforms.take(dim) - 1.0)
        gradient = np.zeros(dim)
        log_density = density(position, gradient)
        if _finite(log_density, gradient):
            return Start(position, gradient, log_density, tries)
    nothing = f"None of {MOST_TRIES} random points between -2 and 2 has a"
    raise _bad_start(nothing, position, gradient)


def _finite(log_density: float, gradient: Vector) -> bool:
    return all_finite(log_density) and all_finite(gradient)


def _bad_start(nothing: str, position: Vector, gradient: Vector) -> BadStartError:
    bad = tuple(np.flatnonzero(~np.isfinite(gradient)).tolist())
    where = f" in coordinates {list(bad)}" if bad else ""
    found = "gradient" if bad else "log-density"
    return BadStartError(
        f"{nothing} finite log-density and gradient: the {found} is not finite"
        f"{where}. Check the model there or give an initial point inside its support.",
        coordinates=bad,
        position=position,
    )
