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


def verdicts(*looks: tuple[float, int, str]) -> list[Verdict]:
    """Look at these instants and see so many answers, and whose turn it is."""
    watch, given = StallWatch(LIMIT, 0.0, Sight(0, "a")), list[Verdict]()
    for now, answers, turn in looks:
        watch, verdict = watch.looking(Sight(answers, turn), now)
        given.append(verdict)
    return given


def test_a_loop_that_answers_is_asked_again() -> None:
    looks = [(0.05, 1, "a"), (0.1, 2, "a"), (9.0, 3, "b")]
    assert verdicts(*looks) == [Turned()] * 3


def test_a_loop_has_its_limit_to_answer() -> None:
    assert verdicts((0.05, 0, "a"), (LIMIT, 0, "a")) == [Waiting(), Waiting()]


def test_a_loop_that_has_not_answered_beyond_the_limit_stands_still() -> None:
    looks = [(0.05, 0, "a"), (0.25, 0, "a")]
    assert verdicts(*looks) == [Waiting(), Stalled(0.25, alone=True)]


def test_one_stall_is_spoken_of_once_however_long_it_lasts() -> None:
    looks = [(0.25, 0, "a"), (0.3, 0, "a"), (60.0, 0, "b")]
    assert verdicts(*looks) == [Stalled(0.25, alone=True), Waiting(), Waiting()]


def test_the_next_stall_is_counted_from_when_the_loop_was_asked_again() -> None:
    looks = [(0.25, 0, "a"), (0.375, 1, "a"), (0.4375, 1, "a"), (0.625, 1, "a")]
    first, turned, waiting, second = verdicts(*looks)
    assert (first, turned, waiting) == (Stalled(0.25, alone=True), Turned(), Waiting())
    assert second == Stalled(0.25, alone=True)


@pytest.mark.parametrize(
    ("turns", "alone"),
    [("aa", True), ("bb", True), ("ab", False), ("ba", False)],
    ids=["begun before", "begun after", "over meanwhile", "one of many"],
)
def test_one_long_turn_is_told_from_many(turns: str, alone: bool) -> None:
    looks = [(at, 0, turn) for at, turn in zip((0.0625, 0.125), turns, strict=True)]
    assert verdicts(*looks) == [Waiting(), Stalled(0.125, alone)]


def test_many_turns_without_an_answer_are_no_sign_of_life() -> None:
    looks = [(0.05, 0, "b"), (0.1, 0, "c"), (0.125, 0, "d")]
    assert verdicts(*looks)[-1] == Stalled(0.125, alone=False)
