"""The step size: a first guess by search, then dual averaging.

Both aim at an acceptance rate: the mean of min(1, exp(-energy error)).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from exmc.numerics.guards import scalar
from exmc.sampler.leapfrog import leapfrog
from exmc.sampler.vector import kinetic_energy

if TYPE_CHECKING:
    from collections.abc import Callable

    from exmc.typing import Density, Vector

SEARCH_ACCEPTANCE = 0.8
MOST_SEARCH_STEPS = 60

GAMMA = 0.05
T0 = 10.0
KAPPA = 0.75
LARGEST_LOG_STEP = 200.0


def search_step_size(
    density: Density,
    position: Vector,
    gradient: Vector,
    log_density: float,
    step_size: float,
    momentum: Callable[[], Vector],
) -> tuple[float, int]:
    """Double or halve a step size until one step's acceptance crosses 0.8.

    Hoffman & Gelman (2014), algorithm 4, with Stan's 0.8 in place of 0.5 and, as in
    Stan, a new momentum for every try. A step that ends where the log-density is
    not finite counts as rejected.

    Args:
        density: In whitened coordinates.
        position: Shape (dim,); not changed.
        gradient: At the position; not changed.
        log_density: At the position.
        step_size: Where to begin.
        momentum: Gives a new momentum, shape (dim,), at each call.

    Returns:
        The step size and the number of gradients it took, at most 60.
    """

    def accepts(size: float) -> bool:
        moved, kicked, slope = position.copy(), momentum().copy(), gradient.copy()
        initial_energy = kinetic_energy(kicked) - log_density
        end = leapfrog(density, moved, kicked, slope, size)
        return initial_energy - (kinetic_energy(kicked) - end) > math.log(
            SEARCH_ACCEPTANCE
        )

    growing = accepts(step_size)
    factor = 2.0 if growing else 0.5
    for tries in range(2, MOST_SEARCH_STEPS + 1):
        step_size *= factor
        if accepts(step_size) != growing:
            return step_size, tries
    return step_size, MOST_SEARCH_STEPS


class DualAveraging:
    """Nesterov's dual averaging of the log step size (Hoffman & Gelman 2014, 3.2).

    Constants as in the paper and in Stan: gamma 0.05, t0 10, kappa 0.75, and
    shrinkage towards log(10 * first step size).

    Attributes:
        target: The acceptance rate aimed at.
    """

    def __init__(self, target: float, step_size: float) -> None:
        self.target = target
        self.restart(step_size)

    def restart(self, step_size: float) -> None:
        """Forget the past and begin at `step_size`."""
        self._log_step = math.log(step_size)
        self._log_averaged = self._log_step
        self._shrink_to = math.log(10.0) + self._log_step
        self._shortfall = 0.0
        self._count = 0.0

    def learn(self, acceptance: float) -> None:
        """Take in the acceptance rate of a transition made with `step_size`."""
        self._count += 1.0
        share = 1.0 / (self._count + T0)
        self._shortfall += share * (self.target - acceptance - self._shortfall)
        log_step = self._shrink_to - math.sqrt(self._count) / GAMMA * self._shortfall
        self._log_step = max(-LARGEST_LOG_STEP, min(LARGEST_LOG_STEP, log_step))
        fade = self._count**-KAPPA
        self._log_averaged += fade * (self._log_step - self._log_averaged)

    @property
    def step_size(self) -> float:
        """The step size to explore with next."""
        return math.exp(self._log_step)

    @property
    def averaged(self) -> float:
        """The step size to keep: an average that weighs late ones most."""
        return math.exp(self._log_averaged)

    def state(self) -> Vector:
        """Return all of it but the target, shape (5,), for a checkpoint."""
        return np.array(
            [
                self._log_step,
                self._log_averaged,
                self._shrink_to,
                self._shortfall,
                self._count,
            ]
        )

    def restore(self, state: Vector) -> None:
        """Continue from what `state` returned."""
        (
            self._log_step,
            self._log_averaged,
            self._shrink_to,
            self._shortfall,
            self._count,
        ) = (scalar(value, "the step size's state") for value in state)
