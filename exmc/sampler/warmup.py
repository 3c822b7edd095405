"""Warm-up: what a chain learns from its tuning draws.

Nothing here evaluates a density. `Warmup.learn` takes in one transition and tells
the chain whether its coordinates changed and whether to search a step size again.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

import numpy as np

from exmc.sampler.metric import fisher, regularised_variance
from exmc.sampler.moments import Moments
from exmc.sampler.preconditioner import Diagonal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from exmc.sampler.step_size import DualAveraging
    from exmc.sampler.windows import Schedule
    from exmc.typing import Matrix


class Lesson(Enum):
    """What a tuning draw changed."""

    STEP_SIZE = "the step size only"
    METRIC = "the metric too"
    METRIC_AND_SEARCH = "the metric, so much that the step size starts again"


class Warmup:
    """Step size, metric, and the windows of draws that the metric rests on.

    Two windows are kept. The foreground gives the metric; the background begins at a
    switch and becomes the foreground at the next, so that early draws, made far from
    the bulk of the posterior, are forgotten.

    Attributes:
        schedule: Fixed before the first draw.
        dual_averaging: The step size.
        metric: The coordinates that the next transition is to be made in.
        foreground: Moments of the draws since the switch before last.
        background: Moments of the draws since the last switch.
        estimated: Whether the metric comes from draws yet.
    """

    def __init__(
        self,
        schedule: Schedule,
        dual_averaging: DualAveraging,
        metric: Diagonal,
    ) -> None:
        self.schedule = schedule
        self.dual_averaging = dual_averaging
        self.metric = metric
        self.foreground = Moments(len(metric.scale))
        self.background = Moments(len(metric.scale))
        self.estimated = False

    def learn(
        self, number: int, pair: Matrix, acceptance: float, *, diverging: bool
    ) -> Lesson:
        """Take in the tuning draw that was made after `number` others.

        Args:
            number: From zero.
            pair: Shape (2, dim): position and gradient in the model's coordinates. Of a
                diverging transition it does not teach the metric.
            acceptance: Of the transition.
            diverging: Whether the transition diverged.
        """
        self.dual_averaging.learn(acceptance)
        if not self.schedule.teaches_metric(number):
            return Lesson.STEP_SIZE
        if not diverging:
            self.foreground.learn(pair)
            self.background.learn(pair)
        switched = number + 1 in self.schedule.switches
        if switched:
            self.foreground = self.background
            self.background = Moments(pair.shape[1])
        if self.schedule.every_draw or switched:
            return self._estimate()
        return Lesson.STEP_SIZE

    def state(self) -> dict[str, NDArray[np.float64] | NDArray[np.int64]]:
        """Return all of it but the schedule, as copies, for a checkpoint."""
        windows = (self.foreground, self.background)
        counts = [*(window.count for window in windows), self.estimated]
        return {
            "dual_averaging": self.dual_averaging.state(),
            "mean": self.metric.mean.copy(),
            "scale": self.metric.scale.copy(),
            "window_counts": np.array(counts, dtype=np.int64),
            "window_means": np.stack([window.mean for window in windows]),
            "window_squares": np.stack([window.squares for window in windows]),
        }

    def restore(
        self, state: Mapping[str, NDArray[np.float64] | NDArray[np.int64]]
    ) -> None:
        """Continue from what `state` returned."""
        self.dual_averaging.restore(state["dual_averaging"].astype(np.float64))
        self.metric = Diagonal(
            state["mean"].astype(np.float64), state["scale"].astype(np.float64)
        )
        *counts, estimated = state["window_counts"].tolist()
        windows = (self.foreground, self.background)
        for i, (window, count) in enumerate(zip(windows, counts, strict=True)):
            window.count = count
            window.mean[:] = state["window_means"][i]
            window.squares[:] = state["window_squares"][i]
        self.estimated = bool(estimated)

    def _estimate(self) -> Lesson:
        every_draw = self.schedule.every_draw
        estimate = fisher if every_draw else regularised_variance
        metric = estimate(self.foreground, self.metric)
        if metric is None:
            return Lesson.STEP_SIZE
        # Only the first metric differs enough from the one before to search again:
        # a later restart would leave dual averaging too few draws to settle.
        search = not (every_draw and self.estimated)
        self.metric, self.estimated = metric, True
        return Lesson.METRIC_AND_SEARCH if search else Lesson.METRIC
