from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exmc.actors.kernel.mailbox import NOTHING
from exmc.actors.tasks.stream_window import Window


class PlainWindow:
    """The same as lists, written as one would say it."""

    def __init__(self, size: int, *, ordered: bool) -> None:
        self.size = size
        self.ordered = ordered
        self.number = 0
        self.out: list[int] = []
        self.done: list[tuple[int, object]] = []

    def take(self) -> int:
        self.out.append(self.number)
        self.number += 1
        return self.out[-1]

    def finish(self, position: int, result: object) -> None:
        self.done.append((position, result))

    def give(self) -> object:
        for entry in self.done:
            if not self.ordered or entry[0] == min(self.out):
                self.done.remove(entry)
                self.out.remove(entry[0])
                return entry[1]
        return NOTHING


class ForgetsOrder(Window[Any]):
    """Broken: gives results out as they come whatever was asked for."""

    def __init__(self, size: int, *, ordered: bool) -> None:
        super().__init__(size, ordered=ordered and False)


class ForgetsRoom(Window[Any]):
    """Broken: counts what runs and not what waits to be given out."""

    @property
    def has_room(self) -> bool:
        return self._taken - self._finished < self._size


def agrees(window: Window[Any], plain: PlainWindow, choices: list[int]) -> None:
    """Take, finish and give as chosen, and compare what comes out."""
    running: list[int] = []
    for choice in choices:
        assert window.has_room == (len(plain.out) < plain.size)
        assert window.empty == (plain.out == [])
        if choice % 3 == 0 and window.has_room:
            running.append(window.take())
            assert running[-1] == plain.take()
        elif choice % 3 == 1 and running:
            position = running.pop(choice % len(running))
            window.finish(position, str(position))
            plain.finish(position, str(position))
        elif choice % 3 == 2:
            assert window.give() == plain.give()


CHOICES = st.lists(st.integers(0, 50), max_size=60)


@settings(max_examples=60, derandomize=True, deadline=None)
@given(st.integers(1, 5), st.booleans(), CHOICES)
def test_a_window_does_what_plain_lists_do(
    size: int, ordered: bool, choices: list[int]
) -> None:
    agrees(Window(size, ordered=ordered), PlainWindow(size, ordered=ordered), choices)


@pytest.mark.parametrize("broken", [ForgetsOrder, ForgetsRoom])
def test_plain_lists_tell_a_broken_window(broken: type[Window[Any]]) -> None:
    two_taken_the_second_done = [0, 0, 1]
    with pytest.raises(AssertionError):
        agrees(
            broken(2, ordered=True),
            PlainWindow(2, ordered=True),
            [*two_taken_the_second_done, 2, 2],
        )


def test_results_come_out_in_the_order_of_their_items() -> None:
    window: Window[str] = Window(2, ordered=True)
    assert [window.take(), window.take()] == [0, 1]
    window.finish(1, "second")
    assert window.give() is NOTHING
    window.finish(0, "first")
    assert [window.give(), window.give(), window.give()] == ["first", "second", NOTHING]


def test_results_come_out_as_they_come_where_order_does_not_matter() -> None:
    window: Window[str] = Window(2, ordered=False)
    assert [window.take(), window.take()] == [0, 1]
    window.finish(1, "second")
    assert window.give() == "second"


def test_there_is_room_again_once_a_result_was_given_out() -> None:
    window: Window[str] = Window(1, ordered=True)
    window.finish(window.take(), "first")
    assert (window.has_room, window.empty) == (False, False)
    assert window.give() == "first"
    assert (window.has_room, window.empty) == (True, True)
