from __future__ import annotations

import pytest

from exmc.actors.observation.stall import Look, Sight, Stall, StallWatch

EVERY = 0.0625
LIMIT = 2 * EVERY


def looks(*seen: tuple[int, str], every: float = EVERY) -> list[Look]:
    """Look again and again, and see so many answers and whose turn it is, if any."""
    watch, made = StallWatch(LIMIT, EVERY, 0.0, Sight(0, busy=False, turn="")), []
    for number, (answers, turn) in enumerate(seen, start=1):
        look = watch.looking(Sight(answers, bool(turn), turn), number * every)
        made.append(look)
        watch = look.watch
    return made


def asked(*seen: tuple[int, str]) -> list[bool]:
    return [look.ask for look in looks(*seen)]


def stalls(*seen: tuple[int, str], every: float = EVERY) -> list[Stall | None]:
    return [look.stall for look in looks(*seen, every=every)]


def test_a_loop_in_which_nothing_moves_is_left_in_peace() -> None:
    assert asked((0, ""), (0, ""), (0, "")) == [False, False, False]


def test_a_loop_is_asked_as_soon_as_a_process_has_its_turn_or_has_had_it() -> None:
    assert asked((0, "a")) == [True]
    assert asked((0, "over"), (1, "over")) == [True, True]
    watch = StallWatch(LIMIT, EVERY, 0.0, Sight(0, busy=False, turn=7))
    assert watch.looking(Sight(0, busy=False, turn=8), EVERY).ask
    assert not watch.looking(Sight(0, busy=False, turn=7), EVERY).ask


def test_a_loop_that_answers_is_asked_again_while_something_moves() -> None:
    assert asked((0, "a"), (1, "a"), (2, "b")) == [True, True, True]


def test_a_loop_that_has_not_answered_is_not_asked_again() -> None:
    assert asked((0, "a"), (0, "a"), (0, "b"), (0, "")) == [True, False, False, False]


def test_a_loop_has_its_limit_to_answer() -> None:
    assert stalls((0, "a"), (0, "a"), (0, "a")) == [None, None, None]


def test_a_loop_that_has_not_answered_beyond_the_limit_stands_still() -> None:
    *before, stall = stalls((0, "a"), (0, "a"), (0, "a"), (0, "a"))
    assert before == [None, None, None]
    assert stall == Stall(since=EVERY, alone=True)


def test_one_stall_is_spoken_of_once_however_long_it_lasts() -> None:
    found = stalls(*[(0, "a")] * 100)
    assert [stall for stall in found if stall is not None] == [found[3]]


def test_the_next_stall_is_counted_from_when_the_loop_was_asked_again() -> None:
    found = stalls(*[(0, "a")] * 4, *[(1, "a")] * 4)
    assert found[:3] == found[4:7] == [None, None, None]
    assert found[3] == Stall(since=EVERY, alone=True)
    assert found[7] == Stall(since=5 * EVERY, alone=True)


@pytest.mark.parametrize(
    ("turns", "alone"),
    [("aaaa", True), ("abbb", True), ("aaab", False), ("abcd", False)],
    ids=["begun before", "begun after", "over meanwhile", "one of many"],
)
def test_one_long_turn_is_told_from_many(turns: str, alone: bool) -> None:
    assert stalls(*[(0, turn) for turn in turns])[-1] == Stall(EVERY, alone)


@pytest.mark.parametrize("answers", [0, 1])
def test_who_was_kept_from_looking_takes_it_for_a_stall(answers: int) -> None:
    watch = StallWatch(LIMIT, EVERY, 1.0, Sight(0, busy=False), asked_at=1.0)
    late = 1.0 + LIMIT + 2 * EVERY
    look = watch.looking(Sight(answers, busy=True, turn="a"), late)
    assert look.stall == Stall(since=1.0, alone=True)
    again = look.watch.looking(Sight(answers, busy=True, turn="a"), late + 1.0)
    assert again.stall is None


def test_who_is_a_little_late_to_look_says_nothing() -> None:
    late = LIMIT + EVERY
    assert stalls((0, "a"), (1, "a"), (2, "a"), every=late) == [None, None, None]
