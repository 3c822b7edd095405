"""The arrays that a chain consists of, and those that its kernels work in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from exmc.errors import OptionError
from exmc.numerics.lanes import LANES
from exmc.sampler import block, nuts, windows
from exmc.sampler.preconditioner import METRIC_ROWS, POINT, SCALE
from exmc.sampler.step_size import AVERAGING_ENTRIES
from exmc.sampler.warmup import LEARNT_ENTRIES, WINDOWS_ROWS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from exmc.sampler.settings import ChainSettings
    from exmc.sampler.vector import Rows
    from exmc.typing import Integers, Matrix, Vector

STATE: Final = (
    "scalars",
    "counts",
    "point",
    "metric",
    "averaging",
    "windows",
    "learnt",
)
"""All that a chain is between two transitions; the rest is plan or workspace."""


def uniforms_needed(max_treedepth: int) -> int:
    """Return the most uniforms that one transition can use.

    One a leaf, and two a doubling: its direction, and whether its half is taken.
    """
    return (1 << max_treedepth) + 2 * max_treedepth


class Memory:
    """What the kernels of block.py read and write, by the names of their arguments.

    A matrix has `dim` columns and then as many as make whole groups of LANES, so that
    machine code never meets a tail. The kernels keep zeros there, which add nothing
    to any sum.

    Attributes:
        dim: Number of coordinates.
    """

    def __init__(self, dim: int, settings: ChainSettings) -> None:
        depth = settings.max_treedepth
        columns = -(-dim // LANES) * LANES
        self.dim = dim
        self.plan, self.lessons = _planned(settings)
        self.plan[block.DIM] = dim
        self.scalars: Vector = np.zeros(block.SCALARS_ENTRIES)
        self.scalars[block.LOG_DENSITY] = np.nan
        self.scalars[block.TARGET_ACCEPT] = settings.target_accept
        self.scalars[block.FIRST_STEP_SIZE] = settings.step_size or 1.0
        self.counts: Integers = np.zeros(block.COUNTS_ENTRIES, dtype=np.int64)
        self.point: Matrix = np.zeros((block.POINT_ROWS, columns))
        self.metric: Matrix = np.zeros((METRIC_ROWS, columns))
        self.metric[SCALE] = 1.0
        self.averaging: Vector = np.zeros(AVERAGING_ENTRIES)
        self.windows: Matrix = np.zeros((WINDOWS_ROWS, columns))
        self.learnt: Integers = np.zeros(LEARNT_ENTRIES, dtype=np.int64)
        self.path: Matrix = np.zeros((nuts.PATH_ROWS, columns))
        self.opening: Matrix = np.zeros((2 * depth, columns))
        self.middle: Matrix = np.zeros((2 * depth, columns))
        self.half: Vector = np.zeros(nuts.HALF_ENTRIES)
        self.outcome: Vector = np.zeros(nuts.OUTCOME_ENTRIES)

    def rows(self, name: str) -> Rows:
        """Return the rows of a matrix, of shape (dim,), as Python walks them.

        A tuple gives out its entries faster than a matrix makes views of its rows.
        """
        return tuple(getattr(self, name)[:, : self.dim])

    def saved(self) -> dict[str, NDArray[np.float64] | NDArray[np.int64]]:
        """Return copies of the state."""
        self.metric[POINT] = 0.0  # Workspace: what it holds is waste.
        return {name: self._state(name).copy() for name in STATE}

    def restore(
        self, saved: Mapping[str, NDArray[np.float64] | NDArray[np.int64]]
    ) -> None:
        """Take the state from what `saved` returned.

        Raises:
            OptionError: It is not of a chain with `dim` coordinates.
        """
        expected = {name: self._state(name).shape for name in STATE}
        found = {name: array.shape for name, array in saved.items()}
        if found != expected:
            raise OptionError(
                f"The checkpoint must hold arrays of shapes {expected}, got {found}; "
                f"resume with the model and the settings that it was made with."
            )
        for name in STATE:
            self._state(name)[:] = saved[name]

    def _state(self, name: str) -> NDArray[Any]:
        array: NDArray[Any] = getattr(self, name)
        return array[:, : self.dim] if array.ndim == 2 else array


def _planned(settings: ChainSettings) -> tuple[Integers, Integers]:
    """Return `plan` and `lessons`."""
    continuous = settings.warmup == "continuous"
    schedule = (windows.continuous if continuous else windows.stan)(settings.tune)
    plan = np.zeros(block.PLAN_ENTRIES, dtype=np.int64)
    plan[block.TUNE] = settings.tune
    plan[block.MAX_TREEDEPTH] = settings.max_treedepth
    plan[block.EVERY_DRAW] = schedule.every_draw
    plan[block.SEARCHES] = settings.step_size is None
    plan[block.UNIFORMS_NEEDED] = uniforms_needed(settings.max_treedepth)
    return plan, schedule.lessons(settings.tune)
