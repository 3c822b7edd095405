from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from exmc.actors.errors import BadChildSpecError
from exmc.actors.supervision.restart_intensity import (
    RestartHistory,
    RestartIntensity,
    take_one,
)


def survived(limit: RestartIntensity, *times: float) -> bool:
    history = RestartHistory(limit)
    return [history.tolerates(time) for time in times][-1]


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
    history = RestartHistory(RestartIntensity(max_restarts=2))
    for child in "aab":
        history.forgive("a")
        assert history.tolerates(0.0, child)
    assert [history.tolerates(0.0, "b") for _ in range(2)] == [True, False]


class PlainHistory(RestartHistory):
    """A list of failures, gone through each time."""

    def __init__(self, intensity: RestartIntensity) -> None:
        self.limit = intensity
        self.failures: list[tuple[float, object]] = []

    def tolerates(self, now: float, child: object = None) -> bool:
        self.failures.append((now, child))
        window = [f for f in self.failures if f[0] >= now - self.limit.max_seconds]
        return len(window) <= self.limit.max_restarts

    def forgive(self, child: object) -> None:
        self.failures = [f for f in self.failures if f[1] != child]


events = some.tuples(some.floats(0, 3), some.sampled_from("abc"), some.booleans())


def verdicts(
    history: RestartHistory, life: list[tuple[float, str, bool]]
) -> list[bool]:
    now, given = 0.0, list[bool]()
    for later, child, progress in life:
        now += later
        if progress:
            history.forgive(child)
        else:
            given.append(history.tolerates(now, child))
    return given


@settings(max_examples=60)
@given(some.lists(events, max_size=40), some.integers(0, 5), some.floats(0.1, 10))
def test_the_counts_agree_with_a_list_that_is_gone_through(
    life: list[tuple[float, str, bool]], most: int, window: float
) -> None:
    limit = RestartIntensity(most, window)
    plain, counted = PlainHistory(limit), RestartHistory(limit)
    assert verdicts(counted, life) == verdicts(plain, life)


def test_a_history_keeps_nothing_of_what_has_left_the_window() -> None:
    history = RestartHistory(RestartIntensity(max_restarts=1, max_seconds=5.0))
    for number in range(100):
        history.tolerates(6.0 * number, number)
        history.forgive(number - 1)
    held = [len(vars(history)[name]) for name in ("_failures", "_counted", "_forgiven")]
    assert held == [1, 1, 0]


def test_a_count_that_has_come_to_nothing_is_not_kept() -> None:
    counts = Counter("aab")
    for key in "ab":
        take_one(counts, key)  # type: ignore[arg-type]  # a counter of strings
    assert counts == {"a": 1}
    assert "b" not in counts


@pytest.mark.parametrize(("most", "window"), [(-1, 5.0), (3, 0.0), (3, float("nan"))])
def test_a_limit_that_means_nothing_is_refused(most: int, window: float) -> None:
    with pytest.raises(
        BadChildSpecError, match="A supervisor needs max_restarts >= 0 and max_seconds"
    ):
        RestartIntensity(most, window)
