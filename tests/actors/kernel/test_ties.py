from __future__ import annotations

from exmc.actors import Pid, Ref
from exmc.actors.exit_reason import Reason
from exmc.actors.kernel.ties import NONE_YET, Ties


class Told:
    """Notes what it is told."""

    def __init__(self) -> None:
        self.reasons: list[Reason] = []

    def down(self, reason: Reason) -> None:
        self.reasons.append(reason)


def nothing() -> None:
    """Let go of nothing."""


class Timer:
    """A timer that can be looked at."""

    def __init__(self) -> None:
        self.cancelled = False

    def cancel(self) -> None:
        self.cancelled = True


def test_what_has_been_untied_takes_no_room() -> None:
    ties, ref, told = Ties(), Ref(), Told()
    ties.add_link(Pid(1))
    ties.add_watcher(told)
    ties.hold(ref, nothing)
    assert (len(ties.links), len(ties.watchers), len(ties.holdings)) == (1, 1, 1)
    ties.drop_link(next(iter(ties.links)))
    ties.drop_watcher(told)
    assert ties.unhold(ref) is nothing
    for empty in (ties.links, ties.watchers, ties.holdings):
        assert empty is NONE_YET
    assert NONE_YET == {}


def test_what_is_not_there_can_be_dropped() -> None:
    ties = Ties()
    ties.drop_link(Pid(1))
    ties.drop_watcher(Told())
    assert ties.unhold(Ref()) is None
    assert NONE_YET == {}


def test_everything_held_is_let_go_in_order_and_the_timer_stopped() -> None:
    ties, gone, timer = Ties(), list[int](), Timer()
    for number in range(3):
        ties.hold(Ref(), lambda number=number: gone.append(number))  # type: ignore[misc]
    ties.idle = timer
    ties.let_go()
    ties.let_go()
    assert (gone, timer.cancelled) == ([0, 1, 2], True)


def test_an_end_is_told_once_to_each_watcher() -> None:
    ties, watchers = Ties(), [Told(), Told()]
    for watcher in watchers:
        ties.add_watcher(watcher)
    ties.cut(Pid(1), "x")
    ties.cut(Pid(1), "y")
    assert [w.reasons for w in watchers] == [["x"], ["x"]]


def test_a_link_to_the_dead_carries_no_signal() -> None:
    ties = Ties()
    ties.add_link(Pid(2))
    ties.cut(Pid(1), "x")
    assert ties.links is NONE_YET
