from __future__ import annotations

import pytest

from exmc.actors.observation.stall import (
    Sight,
    Stalled,
    StallWatch,
    Turned,
    Verdict,
    Waiting,
)

LIMIT = 0.1


def verdicts(*looks: tuple[float, int, int]) -> list[Verdict]:
    """Look at these instants and see so many answers and turns of processes."""
    watch, given = StallWatch(LIMIT, 0.0, Sight(0, 0)), list[Verdict]()
    for now, answers, activity in looks:
        watch, verdict = watch.looking(Sight(answers, activity), now)
        given.append(verdict)
    return given


def test_a_loop_that_answers_is_asked_again() -> None:
    assert verdicts((0.05, 1, 7), (0.1, 2, 9), (9.0, 3, 9)) == [Turned()] * 3


def test_a_loop_has_its_limit_to_answer() -> None:
    assert verdicts((0.05, 0, 0), (LIMIT, 0, 0)) == [Waiting(), Waiting()]


def test_a_loop_that_has_not_answered_beyond_the_limit_stands_still() -> None:
    assert verdicts((0.05, 0, 0), (0.25, 0, 0)) == [Waiting(), Stalled(0.25, 0)]


def test_one_stall_is_spoken_of_once_however_long_it_lasts() -> None:
    looks = [(0.2, 0, 0), (0.3, 0, 0), (60.0, 0, 0)]
    assert verdicts(*looks) == [Stalled(0.2, 0), Waiting(), Waiting()]


def test_the_next_stall_is_counted_from_when_the_loop_was_asked_again() -> None:
    looks = [(0.25, 0, 0), (0.375, 1, 0), (0.4375, 1, 0), (0.625, 1, 0)]
    first, turned, waiting, second = verdicts(*looks)
    assert (first, turned, waiting) == (Stalled(0.25, 0), Turned(), Waiting())
    assert second == Stalled(0.25, 0)


@pytest.mark.parametrize(
    ("turns", "others"),
    [(0, 0), (1, 0), (2, 1), (500, 499)],
    ids=["begun before", "one handler", "a second", "many short ones"],
)
def test_a_handler_alone_is_told_from_many_short_ones(turns: int, others: int) -> None:
    assert verdicts((0.2, 0, turns)) == [Stalled(0.2, others)]


def test_activity_without_an_answer_is_no_sign_of_life() -> None:
    assert verdicts((0.05, 0, 100), (0.2, 0, 200))[-1] == Stalled(0.2, 199)
