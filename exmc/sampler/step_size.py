"""The step size: a first guess by search, then dual averaging.

Both aim at an acceptance rate: the mean of min(1, exp(-energy error)).

Rule for this file: the compilable subset (exmc.native.subset).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from exmc.numerics.elementary.scalar import exp, log
from exmc.sampler.leapfrog import leapfrog
from exmc.sampler.nuts import LEFT_GRADIENT, LEFT_MOMENTUM, LEFT_POSITION
from exmc.sampler.vector import kinetic_energy

if TYPE_CHECKING:
    from exmc.sampler.vector import Rows
    from exmc.typing import Density, Vector

LOG_ACCEPTANCE: Final = -0.2231435513142097
"""Log(0.8), the acceptance that the search is to cross."""
MOST_TRIES: Final = 60

GAMMA: Final = 0.05
T0: Final = 10.0
KAPPA: Final = 0.75
LOG_10: Final = 2.302585092994046
LARGEST_LOG_STEP: Final = 200.0

# Entries of `averaging`, the state of dual averaging.
LOG_STEP: Final = 0
LOG_AVERAGED: Final = 1
SHRINK_TO: Final = 2
SHORTFALL: Final = 3
COUNT: Final = 4
AVERAGING_ENTRIES: Final = 5


# Nesterov's dual averaging of the log step size (Hoffman & Gelman 2014, 3.2), with the
# constants of the paper and of Stan: gamma 0.05, t0 10, kappa 0.75, and shrinkage
# towards log(10 * first step size).


def restart(averaging: Vector, step_size: float) -> None:
    """Forget the past and begin at `step_size`."""
    log_step = log(step_size)
    averaging[LOG_STEP] = log_step
    averaging[LOG_AVERAGED] = log_step
    averaging[SHRINK_TO] = LOG_10 + log_step
    averaging[SHORTFALL] = 0.0
    averaging[COUNT] = 0.0


def learn_acceptance(averaging: Vector, target: float, acceptance: float) -> None:
    """Take in the acceptance rate of a transition made with `exploring`.

    Args:
        averaging: Shape (AVERAGING_ENTRIES,); updated.
        target: The acceptance rate aimed at.
        acceptance: In [0, 1].
    """
    count = averaging[COUNT] + 1.0
    share = 1.0 / (count + T0)
    shortfall = averaging[SHORTFALL]
    shortfall += share * (target - acceptance - shortfall)
    log_step = averaging[SHRINK_TO] - math.sqrt(count) / GAMMA * shortfall
    log_step = max(-LARGEST_LOG_STEP, min(LARGEST_LOG_STEP, log_step))
    fade = exp(-KAPPA * log(count))
    averaging[LOG_STEP] = log_step
    averaging[LOG_AVERAGED] += fade * (log_step - averaging[LOG_AVERAGED])
    averaging[SHORTFALL] = shortfall
    averaging[COUNT] = count


def exploring(averaging: Vector) -> float:
    """Return the step size to explore with next."""
    return exp(averaging[LOG_STEP])


def averaged(averaging: Vector) -> float:
    """Return the step size to keep: an average that weighs late ones most."""
    return exp(averaging[LOG_AVERAGED])


def set_momentum(momentum: Vector, normals: Vector, used: int, dim: int) -> None:
    """Make a momentum of the `dim` normals after those used up, and zeros."""
    momentum[:] = 0.0
    momentum[0:dim] = normals[used : used + dim]


def search_step_size(
    density: Density,
    metric: Rows,
    position: Vector,
    gradient: Vector,
    log_density: float,
    averaging: Vector,
    normals: Vector,
    used: int,
    dim: int,
    path: Rows,
) -> int:
    """Double or halve a step size until one step's acceptance crosses 0.8.

    Hoffman & Gelman (2014), algorithm 4, with Stan's 0.8 in place of 0.5 and, as in
    Stan, a new momentum for every try. A step that ends where the log-density is
    not finite counts as rejected.

    Args:
        density: In the model's coordinates, which
        metric: whitens.
        position: Whitened; not changed, like its
        gradient: and
        log_density: there.
        averaging: The search begins at its step size; it is restarted at what is found.
        normals: For the momenta. Of these
        used: are used up; MOST_TRIES times
        dim: must follow, the number of coordinates.
        path: Workspace (nuts.py).

    Returns:
        The gradients it took, each with `dim` normals.
    """
    moved, momentum = path[LEFT_POSITION], path[LEFT_MOMENTUM]
    slope = path[LEFT_GRADIENT]
    step_size, factor, tries = exploring(averaging), 1.0, 0
    while tries < MOST_TRIES:
        step_size *= factor
        moved[:] = position
        slope[:] = gradient
        set_momentum(momentum, normals, used + tries * dim, dim)
        tries += 1
        before = kinetic_energy(momentum) - log_density
        end = leapfrog(density, metric, moved, momentum, slope, step_size)
        rise = kinetic_energy(momentum) - end - before
        wanted = 2.0 if -rise > LOG_ACCEPTANCE else 0.5
        if tries > 1 and wanted != factor:
            break
        factor = wanted
    restart(averaging, step_size)
    return tries
