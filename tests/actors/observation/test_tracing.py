from __future__ import annotations

import asyncio

import pytest

from exmc.actors import (
    Call,
    CallError,
    CallOutcome,
    Cast,
    GenServer,
    Runtime,
    call,
    cast,
    noreply,
    send,
    system,
)
from exmc.actors.exit_reason import ProcessExit
from exmc.actors.observation.tracing import (
    Counting,
    Statistics,
    TraceEvent,
    Tracers,
)
from exmc.actors.pid import Pid
from exmc.actors.testing import wait_until_idle
from tests.actors.actors import Echo
from tests.actors.scenario import advance, scenario


def ignored(_event: TraceEvent) -> None:
    """A tracer."""


@scenario
async def test_a_tracer_added_twice_is_told_once(rt: Runtime) -> None:
    tracers, events = Tracers(rt.root), list[TraceEvent]()
    tracer = events.append
    tracers.add(tracer)
    tracers.add(tracer)
    tracers.tell("in", 1)
    assert events == [TraceEvent(rt.root.pid, 0.0, "in", 1)]


@scenario
async def test_who_counts_is_not_removed_with_the_tracers(rt: Runtime) -> None:
    tracers, counting = Tracers(rt.root), Counting(0.0)
    assert tracers.counting() is None
    assert not tracers
    tracers.add(counting)
    tracers.add(ignored)
    tracers.remove(None)
    assert tracers.counting() is counting
    tracers.remove(counting)
    assert not tracers


@scenario
async def test_removing_who_is_not_told_changes_nothing(rt: Runtime) -> None:
    tracers = Tracers(rt.root)
    tracers.add(ignored)
    tracers.remove(print)
    assert tracers


@scenario
async def test_an_interrupt_in_a_tracer_is_not_swallowed(rt: Runtime) -> None:
    def interrupted(_event: TraceEvent) -> None:
        raise KeyboardInterrupt

    tracers = Tracers(rt.root)
    tracers.add(interrupted)
    with pytest.raises(KeyboardInterrupt):
        tracers.tell("in", 1)


@scenario
async def test_a_call_is_passed_on_with_its_answer(rt: Runtime) -> None:
    tracers, events = Tracers(rt.root), list[TraceEvent]()
    tracers.add(events.append)
    future: asyncio.Future[object] = rt.kernel.loop.create_future()
    traced = tracers.traced(Call(Pid(7), "x", future))
    assert isinstance(traced, Call)
    assert traced.request == "x"
    assert repr(traced) == "Call('x' from <0.7>)"
    traced.reply(1)
    traced.reply(2)
    traced.down("killed")
    tracers.handled(traced)
    assert await future == 1
    assert [(event.kind, event.content) for event in events[1:]] == [("out", 1)]


@scenario
async def test_a_traced_call_fails_with_its_server(rt: Runtime) -> None:
    tracers = Tracers(rt.root)
    future: asyncio.Future[object] = rt.kernel.loop.create_future()
    traced = tracers.traced(Call(Pid(7), "x", future))
    assert isinstance(traced, Call)
    traced.down("killed")
    assert isinstance(future.exception(), CallError)


def test_counts_are_of_messages_in_and_answers_out() -> None:
    counting = Counting(1.0)
    for kind in ("in", "out", "in", "noreply", "ended"):
        counting(TraceEvent(Pid(1), 2.0, kind))
    assert counting.so_far(3.0) == Statistics(1.0, 2.0, 2, 1)


# Through `system`


def told(events: list[TraceEvent]) -> list[tuple[str, object]]:
    """What was told, without who and when."""
    return [(event.kind, event.content) for event in events]


@scenario
async def test_a_tracer_is_told_what_comes_in_and_what_goes_out(rt: Runtime) -> None:
    pid, events = await rt.start(Echo), list[TraceEvent]()
    send(pid, "before")
    await system.trace(pid, events.append)
    await advance(rt, 3.0)
    send(pid, 1)
    cast(pid, 2)
    assert await call(pid, 3) == 3
    cast(pid, ("stop", "normal"))
    await wait_until_idle(rt)
    asked = events[4].content
    assert isinstance(asked, Call)
    assert (asked.request, asked.pid) == (3, rt.root.pid)
    assert told(events) == [
        ("in", 1),
        ("noreply", None),
        ("in", Cast(2)),
        ("noreply", None),
        ("in", asked),
        ("out", 3),
        ("in", Cast(("stop", "normal"))),
        ("ended", "normal"),
    ]
    assert {event.pid for event in events} == {pid}
    assert {event.seconds for event in events} == {3.0}
    assert [event.to for event in events if event.kind == "out"] == [rt.root.pid]


@scenario
async def test_an_answer_given_later_is_told_when_it_is_given(rt: Runtime) -> None:
    class Later(GenServer):
        def init(self) -> None:
            self.waiting: list[Call] = []

        async def handle_call(self, _request: object, caller: Call, /) -> CallOutcome:
            self.waiting.append(caller)
            return noreply()

        def handle_info(self, message: object, /) -> None:
            for caller in self.waiting:
                caller.reply(message)

    pid, events = await rt.start(Later), list[TraceEvent]()
    await system.trace(pid, events.append)
    asked = asyncio.ensure_future(call(pid, "x"))
    await wait_until_idle(rt)
    send(pid, 1)
    send(pid, 2)
    assert await asked == 1
    await wait_until_idle(rt)
    kinds = [event.kind for event in events]
    assert kinds == ["in", "noreply", "in", "out", "noreply", "in", "noreply"]


@scenario
async def test_a_tracer_that_raises_is_told_no_more(
    rt: Runtime, caplog: pytest.LogCaptureFixture
) -> None:
    pid, events = await rt.start(Echo), list[TraceEvent]()

    def failing(event: TraceEvent) -> None:
        events.append(event)
        raise ProcessExit("not yours") if len(events) == 1 else ValueError

    await system.trace(pid, failing)
    for _ in range(3):
        assert await call(pid, "x") == "x"
    assert told(events)[0][0] == "in"
    assert len(events) == 1
    assert "traces <0.1> no more" in caplog.text
    assert not (await system.get_status(pid)).traced


@scenario
async def test_tracing_ends_for_one_tracer_or_for_all(rt: Runtime) -> None:
    pid = await rt.start(Echo)
    logs = [list[TraceEvent](), list[TraceEvent]()]
    for log in logs:
        await system.trace(pid, log.append)
    await system.no_trace(pid, logs[0].append)
    await call(pid, 1)
    assert [len(log) for log in logs] == [0, 2]
    await system.no_trace(pid)
    await call(pid, 2)
    assert [len(log) for log in logs] == [0, 2]


@scenario
async def test_what_a_process_does_is_counted_from_when_it_is_asked_for(
    rt: Runtime,
) -> None:
    pid = await rt.start(Echo)
    assert await system.statistics(pid) is None
    assert await system.statistics(pid, collect=True) is None
    await call(pid, 1)
    await advance(rt, 2.0)
    send(pid, 2)
    await system.no_trace(pid)
    counted = Statistics(since=0.0, seconds=2.0, messages_in=2, messages_out=1)
    assert await system.statistics(pid) == counted
    assert await system.statistics(pid, collect=True) == counted
    assert await system.statistics(pid, collect=False) == Statistics(2.0, 0.0, 0, 0)
    assert await system.statistics(pid) is None
