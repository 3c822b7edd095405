from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from exmc.actors import (
    BadOutcomeError,
    Call,
    CallError,
    CrashReport,
    Down,
    EnterOutcome,
    EventTimeout,
    Internal,
    NamedTimeout,
    Pid,
    Runtime,
    StateInitOutcome,
    StateMachine,
    StateOutcome,
    StateTimeout,
    VirtualClock,
    call,
    error_in,
    event_timeout,
    keep_state,
    monitor,
    named_timeout,
    next_event,
    next_state,
    postpone,
    repeat_state,
    reply,
    reply_to,
    send,
    send_exit,
    state_timeout,
    stop_with,
)
from exmc.actors.server.state_machine_loop import then
from exmc.actors.testing import wait_until_idle
from tests.actors.machines import Entering, Scripted, plain
from tests.actors.scenario import advance, fails_with, in_plain_asyncio, scenario


def doing(**what: StateOutcome) -> Callable[[object, object], StateOutcome]:
    """Answer a message with the outcome of its name, all else with None."""

    def respond(_state: object, event: object) -> StateOutcome:
        came = plain(event)
        return what.get(came) if isinstance(came, str) else None

    return respond


async def sent(rt: Runtime, pid: Pid, *messages: object) -> None:
    """Send messages at once and let them be handled."""
    for message in messages:
        send(pid, message)
    await wait_until_idle(rt)


# Time


@scenario
async def test_a_state_timeout_ends_when_its_seconds_are_over(rt: Runtime) -> None:
    log: list[object] = []
    pid = await rt.start(
        Scripted, doing(go=next_state("b", state_timeout(2.0, "x"))), log
    )
    await sent(rt, pid, "go")
    await advance(rt, 1.9)
    assert log == [("a", "go")]
    await advance(rt, 0.1)
    assert log == [("a", "go"), ("b", StateTimeout("x"))]


@pytest.mark.parametrize(
    ("message", "happens"), [("stay", True), ("leave", False), ("cancel", False)]
)
@scenario
async def test_a_state_timeout_ends_with_its_state(
    rt: Runtime, message: str, happens: bool
) -> None:
    log: list[object] = []
    respond = doing(
        go=next_state("b", state_timeout(2.0)),
        stay=next_state("b"),
        leave=next_state("c"),
        cancel=keep_state(state_timeout(None)),
    )
    pid = await rt.start(Scripted, respond, log)
    await sent(rt, pid, "go", message)
    await advance(rt, 3.0)
    assert (("b", StateTimeout()) in log) is happens


@scenario
async def test_an_event_timeout_ends_with_the_next_event(rt: Runtime) -> None:
    log: list[object] = []
    pid = await rt.start(Scripted, doing(go=keep_state(event_timeout(2.0))), log)
    await sent(rt, pid, "go", "x")
    await advance(rt, 3.0)
    assert log == [("a", "go"), ("a", "x")]
    await sent(rt, pid, "go")
    await advance(rt, 2.0)
    assert log[-1] == ("a", EventTimeout())


@scenario
async def test_a_named_timeout_outlives_states_and_events(rt: Runtime) -> None:
    log: list[object] = []
    both = next_state("b", named_timeout("n", 2.0, 1), named_timeout("m", 2.0, 2))
    respond = doing(
        go=both,
        leave=next_state("c"),
        again=keep_state(named_timeout("n", 5.0, 3)),
    )
    pid = await rt.start(Scripted, respond, log)
    await sent(rt, pid, "go", "leave", "again")
    await advance(rt, 2.0)
    assert log[3:] == [("c", NamedTimeout("m", 2))]
    await advance(rt, 3.0)
    assert log[4:] == [("c", NamedTimeout("n", 3))]


@scenario
async def test_a_timeout_of_no_seconds_comes_before_messages_that_wait(
    rt: Runtime,
) -> None:
    log: list[object] = []
    go = keep_state(state_timeout(0), next_event(Internal("inside")))
    pid = await rt.start(Scripted, doing(go=go), log)
    await sent(rt, pid, "go", "x")
    assert log == [("a", "go"), ("a", "inside"), ("a", StateTimeout()), ("a", "x")]


@scenario
async def test_a_timeout_cancelled_while_its_message_waits_does_not_come(
    rt: Runtime,
) -> None:
    log: list[object] = []
    clock = rt.clock

    class Waiting(Scripted):
        async def handle_event(self, event: object, state: object, /) -> StateOutcome:  # type: ignore[override]  # the base need not wait
            if plain(event) == "wait":
                await clock.sleep(5.0)
            return super().handle_event(event, state)

    respond = doing(
        go=keep_state(named_timeout("n", 2.0)),
        cancel=keep_state(named_timeout("n", None)),
    )
    pid = await rt.start(Waiting, respond, log)
    await sent(rt, pid, "go", "wait", "cancel")
    await advance(rt, 10.0)
    assert log == [("a", "go"), ("a", "wait"), ("a", "cancel")]


@scenario
async def test_no_timer_of_a_dead_machine_is_left(rt: Runtime) -> None:
    assert isinstance(rt.clock, VirtualClock)
    pid = await rt.start(
        Scripted, doing(), [], next_state("a", state_timeout(5.0), event_timeout(6.0))
    )
    await wait_until_idle(rt)
    assert rt.clock.next_due() == 5.0
    send_exit(pid, "kill")
    await wait_until_idle(rt)
    assert rt.clock.next_due() is None


# Order


@scenario
async def test_postponed_events_come_again_in_order_after_a_change(
    rt: Runtime,
) -> None:
    log: list[object] = []

    def respond(state: object, event: object) -> StateOutcome:
        if plain(event) == "go":
            return next_state("b")
        return keep_state(postpone()) if state == "a" else None

    pid = await rt.start(Scripted, respond, log)
    await sent(rt, pid, 1, 2, "go", 3)
    assert log[3:] == [("b", 1), ("b", 2), ("b", 3)]


@scenario
async def test_inserted_events_come_before_all_others(rt: Runtime) -> None:
    log: list[object] = []
    go = keep_state(next_event(Internal(1)), next_event(Internal(2)))
    pid = await rt.start(Scripted, doing(go=go), log)
    await sent(rt, pid, "go", 3)
    assert log[1:] == [("a", 1), ("a", 2), ("a", 3)]


@scenario
async def test_while_a_handler_waits_events_queue_up(rt: Runtime) -> None:
    log: list[object] = []
    clock = rt.clock

    class Slow(StateMachine):
        async def init(self) -> StateInitOutcome:
            await clock.sleep(0.0)
            return next_state(0)

        async def handle_event(self, event: object, state: int, /) -> StateOutcome:
            log.append(("begun", plain(event), state))
            await clock.sleep(1.0)
            log.append(("done", plain(event), state))
            return next_state(state + 1)

        async def handle_enter(self, state: int, _previous: int, /) -> EnterOutcome:
            await clock.sleep(1.0)
            log.append(("entered", state))
            return None

    starting = asyncio.ensure_future(rt.start(Slow))
    await advance(rt, 0.0)
    pid = await starting
    await sent(rt, pid, "x", "y")
    await advance(rt, 10.0)
    assert log == [
        ("entered", 0),
        ("begun", "x", 0),
        ("done", "x", 0),
        ("entered", 1),
        ("begun", "y", 1),
        ("done", "y", 1),
        ("entered", 2),
    ]


# Entering


@scenario
async def test_a_state_is_entered_before_any_other_event(rt: Runtime) -> None:
    log: list[object] = []
    respond = doing(
        go=next_state("b", next_event(Internal("inside"))), stay=next_state("b")
    )
    pid = await rt.start(Entering, respond, log)
    await sent(rt, pid, "go", "stay")
    assert log == [
        ("enter", "a", "a"),
        ("a", "go"),
        ("enter", "b", "a"),
        ("b", "inside"),
        ("b", "stay"),
    ]


@scenario
async def test_a_repeated_state_is_entered_again_and_keeps_its_timeout(
    rt: Runtime,
) -> None:
    log: list[object] = []
    first = next_state("a", state_timeout(2.0))
    pid = await rt.start(Entering, doing(again=repeat_state()), log, first)
    await sent(rt, pid, "again")
    await advance(rt, 2.0)
    entered = ("enter", "a", "a")
    assert log == [entered, ("a", "again"), entered, ("a", StateTimeout())]


@scenario
async def test_an_entry_sets_the_timeout_of_its_state(rt: Runtime) -> None:
    log: list[object] = []

    def enter(state: object) -> EnterOutcome:
        return keep_state(state_timeout(1.0, state))

    respond = doing(go=next_state("b", state_timeout(9.0, "outbid")))
    pid = await rt.start(Entering, respond, log, None, enter)
    await sent(rt, pid, "go")
    await advance(rt, 9.0)
    assert log[3:] == [("b", StateTimeout("b"))]


@scenario
async def test_an_entry_may_answer_and_may_end_the_machine(rt: Runtime) -> None:
    waiting: list[Call] = []

    def respond(_state: object, event: object) -> StateOutcome:
        if isinstance(event, Call):
            waiting.append(event)
            return keep_state()
        return next_state(plain(event))

    def enter(state: object) -> EnterOutcome:
        if state == "over":
            return stop_with("done")
        return keep_state(*(reply_to(caller, state) for caller in waiting))

    pid = await rt.start(Entering, respond, [], None, enter)
    ref = monitor(pid)
    asked = asyncio.ensure_future(call(pid, "x"))
    await wait_until_idle(rt)
    send(pid, "b")
    assert await asked == "b"
    send(pid, "over")
    assert await rt.receive(Down) == Down(ref, pid, "done")


@scenario
async def test_the_start_does_not_wait_for_the_first_entry(rt: Runtime) -> None:
    pid = await rt.start(Entering, doing(), [], None, lambda _state: stop_with("bad"))
    await wait_until_idle(rt)
    assert not pid.alive
    assert [r.reason for r in rt.reports if isinstance(r, CrashReport)] == ["bad"]


# Replies and mistakes


@scenario
async def test_a_call_is_answered_by_the_event_or_later(rt: Runtime) -> None:
    def respond(_state: object, event: object) -> StateOutcome:
        if not isinstance(event, Call):
            return None
        if event.request == "later":
            return next_state(event)
        assert isinstance(_state, Call)
        return next_state("a", reply(1), reply_to(_state, 2))

    pid = await rt.start(Scripted, respond)
    later = asyncio.ensure_future(call(pid, "later"))
    await wait_until_idle(rt)
    assert await call(pid, "now") == 1
    assert await later == 2


@scenario
async def test_nothing_of_a_bad_outcome_is_done(rt: Runtime) -> None:
    answered: list[object] = []

    def respond(_state: object, _event: object) -> StateOutcome:
        return next_state("b", reply(1), 42)  # type: ignore[arg-type]  # that is the point

    pid = await rt.start(Entering, respond, answered)
    ended = await fails_with(CallError, call(pid, "x"))
    assert isinstance(error_in(ended.reason), BadOutcomeError)
    assert ("enter", "b", "a") not in answered


def test_what_a_callback_returns_is_gone_on_with_now_or_later() -> None:
    async def main() -> None:
        async def later() -> int:
            return 2

        def add(one: int, two: int) -> int:
            return one + two

        async def add_later(one: int, two: int) -> int:
            return one + two

        assert then(2, add, 1) == 3
        for go_on in (add, add_later):
            waiting = then(later(), go_on, 1)
            assert asyncio.iscoroutine(waiting)
            assert await waiting == 3

    in_plain_asyncio(main)
