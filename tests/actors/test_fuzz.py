"""Storms of processes that talk, wait and die: every account closes afterwards."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator

import pytest

from exmc.actors import Call, Down, Reason, Ref, Runtime, Supervisor, TimerRef
from exmc.actors.kernel import control_block
from exmc.actors.kernel.carrier import RunQueue
from exmc.actors.kernel.control_block import ControlBlock
from exmc.actors.kernel.exit_signal import Effect, Fatal, Ignored, effect
from exmc.actors.kernel.mailbox import Mailbox
from exmc.actors.process.signals import Monitor
from exmc.actors.server import gen_server
from tests.actors.fuzz.ledger import Asked, Numbered
from tests.actors.fuzz.storm import Weather, run
from tests.actors.fuzz.world import Plan
from tests.actors.scenario import LOOPS

SMALL = Plan(messages=1_200, deaths=40, people=40, unrest=0.25)
BROKEN = Plan(messages=10_000, deaths=300, people=60, unrest=0.2)
MEDIUM = Plan(messages=2_000, deaths=60, people=50, unrest=0.2)
LARGE = Plan(messages=40_000, deaths=1_000, unrest=0.1)


@pytest.fixture(autouse=True)
def _no_crash_is_logged() -> Iterator[None]:
    logging.getLogger("exmc.actors").disabled = True
    yield
    logging.getLogger("exmc.actors").disabled = False


@pytest.mark.parametrize("loop", sorted(LOOPS))
def test_in_a_storm_nothing_is_lost_doubled_or_left(loop: str) -> None:
    ledger = run(SMALL, Weather(LOOPS[loop]))
    assert (ledger.texts, dict(ledger.faults)) == ([], {})
    assert ledger.handled >= SMALL.messages
    assert ledger.deaths >= SMALL.deaths


@pytest.mark.slow
@pytest.mark.timeout(60)
@pytest.mark.parametrize("order", [None, 1, 2])
@pytest.mark.parametrize("virtual", [True, False], ids=["virtual time", "real time"])
@pytest.mark.parametrize("loop", sorted(LOOPS))
def test_in_a_large_storm_nothing_is_lost_doubled_or_left(
    loop: str, virtual: bool, order: int | None
) -> None:
    ledger = run(LARGE, Weather(LOOPS[loop], virtual, order))
    assert (ledger.texts, dict(ledger.faults)) == ([], {})


def test_everything_happens_in_a_storm() -> None:
    counts = run(MEDIUM, Weather(LOOPS["uvloop"])).counts
    rare = {"calls: left", "async ends", "starts", "stops", "give_up"}
    never = [what for what in EVENTS - rare if not counts[what]]
    assert never == []


EVENTS = {
    *("async inits", "idle timeouts", "naps", "stubborn naps", "late answers"),
    *("calls", "calls: reply", "calls: down", "calls: timeout", "calls: left"),
    *("tasks awaited", "jobs", "groups", "group members", "lost patience"),
    *("downs", "exits trapped", "restart", "starts", "stops", "async ends"),
    *("links", "monitors", "signals by hand", "timers"),
}

# A runtime that breaks a rule is found out


REPLY, DOWN = Call.reply, Call.down


class Forgetful(Mailbox[object]):
    """A mailbox that loses a message now and then."""

    def append(self, message: object, /) -> None:
        if not (isinstance(message, Numbered) and message.number % 8 == 7):
            super().append(message)


class Stammering(Mailbox[object]):
    """A mailbox that keeps a message twice now and then."""

    def append(self, message: object, /) -> None:
        super().append(message)
        if isinstance(message, Numbered) and message.number % 8 == 7:
            super().append(message)


class Pushy(Mailbox[object]):
    """A mailbox in which a message goes to the front now and then."""

    def append(self, message: object, /) -> None:
        if isinstance(message, Numbered) and message.number % 8 == 7:
            super().appendleft(message)
        else:
            super().append(message)


def loses_a_down(monitor: Monitor, _reason: Reason) -> None:
    monitor._owner.unhold(monitor.ref)


def tells_a_down_twice(monitor: Monitor, reason: Reason) -> None:
    monitor._owner.unhold(monitor.ref)
    for _ in range(2):
        monitor._owner.deliver(Down(monitor.ref, monitor.pid, reason))


def changes_the_reason_of_a_down(monitor: Monitor, _reason: Reason) -> None:
    monitor._owner.unhold(monitor.ref)
    monitor._owner.deliver(Down(monitor.ref, monitor.pid, "gone"))


def keeps_monitors(_me: ControlBlock, _ref: Ref) -> None:
    """Forget to demonitor."""


def lets_the_linked_live(
    reason: Reason, *, linked: bool, trapping: bool, from_itself: bool
) -> Effect:
    judged = effect(reason, linked=linked, trapping=trapping, from_itself=from_itself)
    return Ignored() if linked and isinstance(judged, Fatal) else judged


def lets_the_asked_live(
    reason: Reason, *, linked: bool, trapping: bool, from_itself: bool
) -> Effect:
    judged = effect(reason, linked=linked, trapping=trapping, from_itself=from_itself)
    return Ignored() if reason[0] == "asked" and not trapping else judged


def never_expires(*_: object) -> None:
    """Let a call wait for ever."""


def forgets_replies(call: Call, value: object) -> None:
    if not (isinstance(call.request, Asked) and call.request.number % 8 == 7):
        REPLY(call, value)


def forgets_who_waits(call: Call, reason: Reason) -> None:
    if not isinstance(call.request, Asked):
        DOWN(call, reason)


def starts_nobody_again(_supervisor: Supervisor, _child: object) -> None:
    """Forget a restart."""


def lets_a_timer_run(timer: TimerRef) -> float:
    timer._handle = None
    return 0.0


async def leaves_carriers(queue: RunQueue) -> None:
    queue._closed = True


def opens_a_file(runtime: Runtime, _outer: object) -> None:
    runtime._root = None
    OPENED.append(os.dup(0))


OPENED: list[int] = []

BREAKS: dict[Callable[..., object], tuple[object, str, str]] = {
    Forgetful: (control_block, "Mailbox", "lost"),
    Stammering: (control_block, "Mailbox", "duplicated"),
    Pushy: (control_block, "Mailbox", "out of order"),
    loses_a_down: (Monitor, "down", "wrong downs"),
    tells_a_down_twice: (Monitor, "down", "wrong downs"),
    changes_the_reason_of_a_down: (Monitor, "down", "wrong downs"),
    keeps_monitors: (ControlBlock, "unhold", "wrong downs"),
    lets_the_linked_live: (control_block, "effect", "wrong exits"),
    lets_the_asked_live: (control_block, "effect", "wrong exits"),
    never_expires: (gen_server, "expire", "stuck"),
    forgets_replies: (Call, "reply", "wrong calls"),
    forgets_who_waits: (Call, "down", "stuck"),
    starts_nobody_again: (Supervisor, "_start_group", "wrong lives"),
    lets_a_timer_run: (TimerRef, "disarm", "wrong timers"),
    leaves_carriers: (RunQueue, "close", "leaked tasks"),
    opens_a_file: (Runtime, "_left", "leaked descriptors"),
}


@pytest.mark.slow
@pytest.mark.parametrize("broken", BREAKS, ids=lambda broken: str(broken.__name__))
def test_a_storm_finds_out_a_runtime_that(
    broken: Callable[..., object], monkeypatch: pytest.MonkeyPatch
) -> None:
    target, name, fault = BREAKS[broken]
    monkeypatch.setattr(target, name, broken)
    ledger = run(BROKEN, Weather(LOOPS["uvloop"]))
    for descriptor in OPENED:
        os.close(descriptor)
    OPENED.clear()
    assert ledger.faults[fault] > 0
