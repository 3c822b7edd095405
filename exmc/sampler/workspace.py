"""The arrays that a NUTS transition works in, made once per chain."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from exmc.sampler import nuts

if TYPE_CHECKING:
    from exmc.typing import Density, Vector


def uniforms_needed(max_treedepth: int) -> int:
    """Return the most uniforms that one transition can use.

    One a leaf, and two a doubling: its direction, and whether its half is taken.
    """
    return (1 << max_treedepth) + 2 * max_treedepth


def rows(count: int, dim: int) -> tuple[Vector, ...]:
    """Return the rows of a new array of zeros, shape (count, dim).

    A tuple gives out its entries faster than an array makes views of its rows.
    """
    return tuple(np.zeros((count, dim)))


class Workspace:
    """Room for the paths of one chain; what it holds between transitions is waste.

    Attributes:
        momentum: Shape (dim,); fill it with standard normals before each transition.
        outcome: Shape (nuts.OUTCOME_ENTRIES,); what the last transition reported.
    """

    def __init__(self, dim: int, max_treedepth: int) -> None:
        self.outcome: Vector = np.zeros(nuts.OUTCOME_ENTRIES)
        self._max_treedepth = max_treedepth
        self._path = rows(nuts.PATH_ROWS, dim)
        self.momentum: Vector = self._path[nuts.LEFT_MOMENTUM]
        self._opening = rows(2 * max_treedepth, dim)
        self._middle = rows(2 * max_treedepth, dim)
        self._half = np.zeros(nuts.HALF_ENTRIES)

    def transition(
        self,
        density: Density,
        position: Vector,
        gradient: Vector,
        log_density: float,
        step_size: float,
        uniforms: Vector,
    ) -> float:
        """Replace position and gradient by the next draw's; return its log-density.

        Overflow on the way is not a warning: it ends the path as a divergence.
        """
        with np.errstate(all="ignore"):
            return nuts.transition(
                density,
                position,
                gradient,
                log_density,
                step_size,
                self._max_treedepth,
                uniforms,
                self._path,
                self._opening,
                self._middle,
                self._half,
                self.outcome,
            )
