from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from exmc.actors.errors import BadChildSpecError
from exmc.actors.supervision.restart_intensity import RestartIntensity


def survived(limit: RestartIntensity, *times: float) -> bool:
    now: RestartIntensity | None = limit
    for time in times:
        assert now is not None
        now = now.after_crash(time)
    return now is not None


def test_one_restart_more_than_tolerated_is_too_many() -> None:
    limit = RestartIntensity(max_restarts=3, max_seconds=5.0)
    assert survived(limit, 0.0, 1.0, 2.0)
    assert not survived(limit, 0.0, 1.0, 2.0, 3.0)


def test_the_ends_of_the_window_belong_to_it() -> None:
    limit = RestartIntensity(max_restarts=1, max_seconds=5.0)
    assert not survived(limit, 0.0, 5.0)
    assert survived(limit, 0.0, 5.001)


def test_no_restart_is_tolerated_when_the_limit_is_zero() -> None:
    assert not survived(RestartIntensity(max_restarts=0), 0.0)


def test_restarts_that_are_rare_enough_may_go_on_for_ever() -> None:
    limit = RestartIntensity(max_restarts=1, max_seconds=5.0)
    assert survived(limit, *(6.0 * n for n in range(1000)))


def test_progress_forgets_the_failures_of_that_child_only() -> None:
    limit: RestartIntensity | None = RestartIntensity(max_restarts=2)
    for child in "aab":
        assert limit is not None
        limit = limit.after_progress("a").after_crash(0.0, child)
    assert limit is not None
    assert [child for _, child in limit.crashes] == ["b"]
    fuller = limit.after_crash(0.0, "a")
    assert fuller is not None
    assert fuller.after_progress("c").after_crash(0.0, "a") is None


@given(some.lists(some.floats(0, 100)), some.integers(0, 5), some.floats(0.1, 10))
def test_a_supervisor_gives_up_exactly_when_a_window_holds_too_many(
    times: list[float], most: int, window: float
) -> None:
    times.sort()
    limit: RestartIntensity | None = RestartIntensity(most, window)
    for index, now in enumerate(times):
        inside = [t for t in times[: index + 1] if t >= now - window]
        assert limit is not None
        limit = limit.after_crash(now)
        assert (limit is None) == (len(inside) > most)
        if limit is None:
            break


@pytest.mark.parametrize(("most", "window"), [(-1, 5.0), (3, 0.0), (3, float("nan"))])
def test_a_limit_that_means_nothing_is_refused(most: int, window: float) -> None:
    with pytest.raises(
        BadChildSpecError, match="A supervisor needs max_restarts >= 0 and max_seconds"
    ):
        RestartIntensity(most, window)
