"""The schedules of warm-up, draw by draw."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from exmc.sampler.windows import (
    SWITCHES,
    TEACHES_STEP_SIZE,
    continuous,
    stan,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from exmc.sampler.windows import Schedule

LENGTHS = [0, 1, 5, 19, 20, 21, 74, 100, 149, 150, 151, 300, 1000, 2500]


def test_stans_thousand_draws_are_split_as_in_stan() -> None:
    schedule = stan(1000)
    assert (schedule.first, schedule.last) == (75, 950)
    assert sorted(schedule.switches) == [100, 150, 250, 450, 950]


def test_stans_short_warm_up_is_split_by_shares() -> None:
    schedule = stan(100)
    assert (schedule.first, schedule.last) == (15, 90)
    assert sorted(schedule.switches) == [90]


def test_below_twenty_draws_stan_adapts_the_step_size_only() -> None:
    np.testing.assert_array_equal(stan(19).lessons(19), TEACHES_STEP_SIZE)


def test_the_continuous_windows_of_a_thousand_draws() -> None:
    schedule = continuous(1000)
    assert (schedule.first, schedule.last) == (0, 850)
    assert sorted(schedule.switches) == [*range(10, 301, 10), 380, 500]


def test_the_continuous_windows_of_three_hundred_draws() -> None:
    assert sorted(continuous(300).switches) == list(range(10, 91, 10))


@pytest.mark.parametrize("tune", LENGTHS)
def test_the_last_fifteen_per_cent_adapt_the_step_size_only(tune: int) -> None:
    schedule = continuous(tune)
    late = schedule.lessons(tune)[tune - int(0.15 * tune) :]
    np.testing.assert_array_equal(late, TEACHES_STEP_SIZE)
    assert all(0 < switch <= schedule.last for switch in schedule.switches)


@pytest.mark.parametrize("tune", LENGTHS)
def test_the_last_main_window_is_no_shorter_than_the_one_before(tune: int) -> None:
    schedule = continuous(tune)
    main = sorted(s for s in schedule.switches if s > int(0.3 * tune))
    if len(main) > 1:
        assert schedule.last - main[-1] >= main[-1] - main[-2] - 1


@pytest.mark.parametrize("tune", LENGTHS)
def test_stans_windows_fill_the_time_between_its_buffers(tune: int) -> None:
    schedule = stan(tune)
    if schedule.switches:
        assert max(schedule.switches) == schedule.last
    assert all(s > schedule.first for s in schedule.switches)


@pytest.mark.parametrize("plan", [continuous, stan])
@pytest.mark.parametrize("tune", LENGTHS)
def test_every_draw_has_its_lesson(plan: Callable[[int], Schedule], tune: int) -> None:
    schedule = plan(tune)
    lessons = schedule.lessons(tune).tolist()
    assert len(lessons) == tune
    for number, lesson in enumerate(lessons):
        teaches = lesson != TEACHES_STEP_SIZE
        assert teaches == (schedule.first <= number < schedule.last)
        assert (lesson == SWITCHES) == (number + 1 in schedule.switches)
