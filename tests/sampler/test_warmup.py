"""What each tuning draw teaches."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from exmc.sampler.preconditioner import METRIC_ROWS, SCALE
from exmc.sampler.warmup import (
    FOREGROUND_COUNT,
    LEARNT_ENTRIES,
    METRIC,
    METRIC_AND_SEARCH,
    STEP_SIZE,
    WINDOWS_ROWS,
    learn,
)
from exmc.sampler.windows import TEACHES_STEP_SIZE, continuous, stan

if TYPE_CHECKING:
    from collections.abc import Callable

    from exmc.sampler.windows import Schedule
    from exmc.typing import Matrix

SD = np.array([0.1, 5.0])


class Pupil:
    """What warm-up knows, of two coordinates."""

    def __init__(self, plan: Callable[[int], Schedule], tune: int) -> None:
        self.schedule = plan(tune)
        self.lessons = self.schedule.lessons(tune)
        self.metric = np.zeros((METRIC_ROWS, 2))
        self.metric[SCALE] = 1.0
        self.windows = np.zeros((WINDOWS_ROWS, 2))
        self.learnt = np.zeros(LEARNT_ENTRIES, dtype=np.int64)

    def learn(self, number: int, pair: Matrix, *, diverging: bool = False) -> int:
        """Take in one pair of position and gradient, if it teaches the metric."""
        if self.lessons[number] == TEACHES_STEP_SIZE:
            return STEP_SIZE
        with np.errstate(all="ignore"):
            return learn(
                int(self.lessons[number]),
                self.schedule.every_draw,
                pair[0],
                pair[1],
                diverging,
                tuple(self.metric),
                tuple(self.windows),
                self.learnt,
                tuple(np.zeros((2, 2))),
            )


def pairs(count: int) -> Matrix:
    rng = np.random.Generator(np.random.PCG64(3))
    draws = SD * rng.standard_normal((count, 2))
    return np.stack([draws, -draws / SD**2], axis=1)


def lessons(one: Pupil, taught: Matrix) -> list[int]:
    return [one.learn(number, pair) for number, pair in enumerate(taught)]


def test_continuous_warm_up_searches_again_once_at_its_first_metric() -> None:
    got = lessons(Pupil(continuous, 100), pairs(100))
    assert got[:3] == [STEP_SIZE] * 3
    assert got[3] == METRIC_AND_SEARCH
    assert set(got[4:85]) == {METRIC}
    assert set(got[85:]) == {STEP_SIZE}


def test_stans_warm_up_searches_again_after_each_window() -> None:
    got = lessons(Pupil(stan, 300), pairs(300))
    searches = [n + 1 for n, lesson in enumerate(got) if lesson != STEP_SIZE]
    assert searches == sorted(stan(300).switches)
    assert {got[n - 1] for n in searches} == {METRIC_AND_SEARCH}


def test_stans_metric_rests_on_the_last_window_only() -> None:
    one, taught = Pupil(stan, 300), pairs(300)
    early, late = sorted(stan(300).switches)[-2:]
    lessons(one, taught)
    variance = taught[early:late, 0].var(axis=0, ddof=1)
    count = late - early
    expected = (count * variance + 0.005) / (count + 5)
    np.testing.assert_allclose(one.metric[SCALE] ** 2, expected, rtol=1e-9)


def test_draws_before_the_switch_before_last_are_forgotten() -> None:
    one, taught = Pupil(continuous, 100), pairs(85)
    taught[:20] *= 1e6
    lessons(one, taught)
    np.testing.assert_allclose(one.metric[SCALE], SD, rtol=1e-6)


def test_a_diverging_draw_does_not_teach_the_metric() -> None:
    one = Pupil(continuous, 100)
    for number, pair in enumerate(pairs(50)):
        assert one.learn(number, pair, diverging=True) == STEP_SIZE
    np.testing.assert_array_equal(one.metric[SCALE], [1.0, 1.0])
    assert one.learnt[FOREGROUND_COUNT] == 0
    np.testing.assert_array_equal(one.windows, 0.0)
