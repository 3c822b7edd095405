"""Drives the NUTS kernel, or a copy of it with a bug, outside of a chain."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from exmc.sampler.preconditioner import METRIC_ROWS, SCALE

if TYPE_CHECKING:
    from types import ModuleType

    from exmc.typing import Density, Matrix, Vector


@dataclass(frozen=True)
class Move:
    """What one transition did."""

    position: Vector
    visited: Matrix
    outcome: Vector


def unit_metric(dim: int) -> tuple[Vector, ...]:
    """The map that changes nothing."""
    metric = np.zeros((METRIC_ROWS, dim))
    metric[SCALE] = 1.0
    return tuple(metric)


class Driver:
    """Room for the transitions of one kernel, in the unit metric."""

    def __init__(self, kernel: ModuleType, dim: int, max_treedepth: int = 10) -> None:
        self.kernel = kernel
        self.max_treedepth = max_treedepth
        self.outcome = np.zeros(kernel.OUTCOME_ENTRIES)
        self._metric = unit_metric(dim)
        self._path = tuple(np.zeros((kernel.PATH_ROWS, dim)))
        self.momentum: Vector = self._path[kernel.LEFT_MOMENTUM]
        self._opening = tuple(np.zeros((2 * max_treedepth, dim)))
        self._middle = tuple(np.zeros((2 * max_treedepth, dim)))
        self._half = np.zeros(kernel.HALF_ENTRIES)

    def transition(
        self,
        density: Density,
        position: Vector,
        gradient: Vector,
        log_density: float,
        step_size: float,
        uniforms: Vector,
    ) -> float:
        answer: float = self.kernel.transition(
            density,
            self._metric,
            position,
            gradient,
            log_density,
            step_size,
            self.max_treedepth,
            uniforms,
            0,
            self._path,
            self._opening,
            self._middle,
            self._half,
            self.outcome,
        )
        return answer


def move_once(
    kernel: ModuleType,
    density: Density,
    phase: tuple[Vector, Vector],
    step_size: float,
    uniforms: Vector,
    max_treedepth: int = 10,
) -> Move:
    """Make one transition from (position, momentum) and remember its points."""
    position, momentum = phase
    visited: list[Vector] = []

    def spy(at: Vector, gradient: Vector) -> float:
        visited.append(at.copy())
        return density(at, gradient)

    here, gradient = position.copy(), np.zeros_like(position)
    log_density = density(here, gradient)
    driver = Driver(kernel, len(position), max_treedepth)
    driver.momentum[:] = momentum
    with np.errstate(all="ignore"):
        driver.transition(spy, here, gradient, log_density, step_size, uniforms)
    return Move(here, np.array(visited), driver.outcome)


def walk(
    kernel: ModuleType,
    density: Density,
    position: Vector,
    step_size: float,
    draws: int,
    seed: int,
) -> Matrix:
    """Draw at a fixed step size; shape (draws, dim)."""
    rng = np.random.Generator(np.random.PCG64(seed))
    here, gradient = position.copy(), np.zeros_like(position)
    log_density = density(here, gradient)
    driver = Driver(kernel, len(position))
    uniforms, used = rng.random(4096), 0  # One transition uses at most 1044.
    out = np.empty((draws, len(position)))
    momenta = rng.standard_normal(out.shape)
    with np.errstate(all="ignore"):
        for draw in range(draws):
            if used > 3000:
                uniforms, used = rng.random(4096), 0
            driver.momentum[:] = momenta[draw]
            log_density = driver.transition(
                density, here, gradient, log_density, step_size, uniforms[used:]
            )
            used += int(driver.outcome[kernel.N_UNIFORMS])
            out[draw] = here
    return out
