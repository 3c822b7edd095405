"""What each tuning draw teaches."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from exmc.sampler.metric import unit
from exmc.sampler.step_size import DualAveraging
from exmc.sampler.warmup import Lesson, Warmup
from exmc.sampler.windows import continuous, stan

if TYPE_CHECKING:
    from collections.abc import Callable

    from exmc.sampler.windows import Schedule
    from exmc.typing import Matrix

SD = np.array([0.1, 5.0])


def warmup(plan: Callable[[int], Schedule], tune: int) -> Warmup:
    return Warmup(plan(tune), DualAveraging(0.8, 1.0), unit(2))


def pairs(count: int) -> Matrix:
    rng = np.random.Generator(np.random.PCG64(3))
    draws = SD * rng.standard_normal((count, 2))
    return np.stack([draws, -draws / SD**2], axis=1)


def lessons(one: Warmup, taught: Matrix) -> list[Lesson]:
    return [
        one.learn(number, pair, 0.8, diverging=False)
        for number, pair in enumerate(taught)
    ]


def test_continuous_warm_up_searches_again_once_at_its_first_metric() -> None:
    got = lessons(warmup(continuous, 100), pairs(100))
    assert got[:3] == [Lesson.STEP_SIZE] * 3
    assert got[3] is Lesson.METRIC_AND_SEARCH
    assert set(got[4:85]) == {Lesson.METRIC}
    assert set(got[85:]) == {Lesson.STEP_SIZE}


def test_stans_warm_up_searches_again_after_each_window() -> None:
    got = lessons(warmup(stan, 300), pairs(300))
    searches = [n + 1 for n, lesson in enumerate(got) if lesson is not Lesson.STEP_SIZE]
    assert searches == sorted(stan(300).switches)
    assert {got[n - 1] for n in searches} == {Lesson.METRIC_AND_SEARCH}


def test_stans_metric_rests_on_the_last_window_only() -> None:
    one, taught = warmup(stan, 300), pairs(300)
    early, late = sorted(stan(300).switches)[-2:]
    lessons(one, taught)
    variance = taught[early:late, 0].var(axis=0, ddof=1)
    count = late - early
    expected = (count * variance + 0.005) / (count + 5)
    np.testing.assert_allclose(one.metric.scale**2, expected, rtol=1e-9)


def test_draws_before_the_switch_before_last_are_forgotten() -> None:
    one, taught = warmup(continuous, 100), pairs(85)
    taught[:20] *= 1e6
    lessons(one, taught)
    np.testing.assert_allclose(one.metric.scale, SD, rtol=1e-6)


def test_a_diverging_draw_does_not_teach_the_metric() -> None:
    one = warmup(continuous, 100)
    for number, pair in enumerate(pairs(50)):
        one.learn(number, pair, 0.8, diverging=True)
    np.testing.assert_array_equal(one.metric.scale, [1.0, 1.0])
    assert one.foreground.count == 0


@pytest.mark.parametrize("plan", [continuous, stan])
def test_a_restored_warm_up_goes_on_with_the_same_bits(
    plan: Callable[[int], Schedule],
) -> None:
    taught = pairs(200)
    one, again = warmup(plan, 200), warmup(plan, 200)
    lessons(one, taught[:97])
    again.restore(one.state())
    for number in range(97, 200):
        lesson = one.learn(number, taught[number], 0.7, diverging=False)
        assert again.learn(number, taught[number], 0.7, diverging=False) is lesson
    for name, array in one.state().items():
        np.testing.assert_array_equal(array, again.state()[name])
