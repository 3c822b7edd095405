"""Warm-up: what a chain learns from its tuning draws.

Two windows of draws are kept. The foreground gives the metric; the background begins
at a switch and becomes the foreground at the next, so that early draws, made far from
the bulk of the posterior, are forgotten. Nothing here evaluates a density.

Rule for this file: the compilable subset (exmc.native.subset).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from exmc.sampler.metric import fisher, regularised_variance
from exmc.sampler.moments import WINDOW_ROWS, learn_pair
from exmc.sampler.windows import SWITCHES

if TYPE_CHECKING:
    from exmc.sampler.vector import Rows
    from exmc.typing import Integers, Vector

# What a tuning draw changed.
STEP_SIZE: Final = 0
METRIC: Final = 1
METRIC_AND_SEARCH: Final = 2
"""The metric, so much that the step size starts again."""

# Windows begin at these rows of `windows`, shape (WINDOWS_ROWS, dim).
FOREGROUND: Final = 0
BACKGROUND: Final = WINDOW_ROWS
WINDOWS_ROWS: Final = 2 * WINDOW_ROWS

# Entries of `learnt`, what is known of the windows.
FOREGROUND_COUNT: Final = 0
BACKGROUND_COUNT: Final = 1
ESTIMATED: Final = 2
"""1 once the metric comes from draws."""
LEARNT_ENTRIES: Final = 3


def learn(
    lesson: int,
    every_draw: bool,
    position: Vector,
    gradient: Vector,
    diverging: bool,
    metric: Rows,
    windows: Rows,
    learnt: Integers,
    scratch: Rows,
) -> int:
    """Let a tuning draw teach the metric; return what it changed.

    Args:
        lesson: What the draw teaches (windows.py): the metric, and perhaps a switch.
        every_draw: Whether the metric moves with every draw (the Fisher metric) or
            at switches only (Stan's).
        position: Shape (dim,), in the model's coordinates.
        gradient: Of the log-density, there. A diverging draw teaches nothing.
        diverging: Whether the transition diverged.
        metric: Changed if there is a new estimate.
        windows: The moments of both windows; updated.
        learnt: Shape (LEARNT_ENTRIES,); updated.
        scratch: Two rows or more; workspace.
    """
    if not diverging:
        learnt[FOREGROUND_COUNT] += 1
        learnt[BACKGROUND_COUNT] += 1
        learn_pair(
            windows, FOREGROUND, learnt[FOREGROUND_COUNT], position, gradient, scratch
        )
        learn_pair(
            windows, BACKGROUND, learnt[BACKGROUND_COUNT], position, gradient, scratch
        )
    if lesson == SWITCHES:
        switch(windows, learnt)
    if every_draw:
        changed = fisher(metric, windows, learnt[FOREGROUND_COUNT], scratch)
    elif lesson == SWITCHES:
        changed = regularised_variance(metric, windows, learnt[FOREGROUND_COUNT])
    else:
        changed = False
    if not changed:
        return STEP_SIZE
    # Only the first metric differs enough from the one before to search again:
    # a later restart would leave dual averaging too few draws to settle.
    first = learnt[ESTIMATED] == 0
    learnt[ESTIMATED] = 1
    return METRIC_AND_SEARCH if first or not every_draw else METRIC


def switch(windows: Rows, learnt: Integers) -> None:
    """Make the background the foreground, and begin a new background."""
    for row in range(WINDOW_ROWS):
        foreground = windows[FOREGROUND + row]
        background = windows[BACKGROUND + row]
        foreground[:] = background
        background[:] = 0.0
    learnt[FOREGROUND_COUNT] = learnt[BACKGROUND_COUNT]
    learnt[BACKGROUND_COUNT] = 0
