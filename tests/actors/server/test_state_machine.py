from __future__ import annotations

import asyncio

import pytest

from exmc.actors import (
    Call,
    CallError,
    CallTimeoutError,
    Cast,
    ChildSpec,
    CrashReport,
    Down,
    Info,
    Internal,
    Pid,
    Runtime,
    StartError,
    StateMachine,
    StateOutcome,
    StateTimeout,
    Supervisor,
    call,
    cast,
    ignore,
    keep_state,
    monitor,
    next_event,
    next_state,
    postpone,
    reply,
    send,
    send_exit,
    state_timeout,
    stop,
    stop_with,
    whereis,
)
from exmc.actors.server.state_outcome import StateInitOutcome
from exmc.actors.testing import wait_until_idle
from tests.actors.machines import Scripted
from tests.actors.scenario import advance, fails_with, scenario


class Door(StateMachine):
    """Opens for ten seconds to who knows the code."""

    def init(self, code: int, log: list[object] | None = None) -> StateInitOutcome:
        self.code = code
        self.log: list[object] = [] if log is None else log
        return next_state("locked")

    def handle_event(self, event: object, state: str, /) -> StateOutcome:  # noqa: C901, PLR0911 (a table)
        self.log.append(event)
        match state, event:
            case "locked", Call(request=code) if code == self.code:
                return next_state("open", reply("ok"), state_timeout(10.0))
            case "locked", Cast(message="walk through"):
                return keep_state(postpone())
            case "open", StateTimeout():
                return next_state("locked")
            case _, Call(request="state"):
                return reply(state)
            case _, Call(request=("stop", reason)):
                return stop_with(str(reason), reply="bye")
            case _, Info(message="jam"):
                return keep_state(next_event(Internal("break")))
            case _, Internal(content="break"):
                raise ValueError("broken")
            case _, Call():
                return reply("no")
            case _:
                return None

    def terminate(self, reason: object, /) -> None:
        self.log.append(("terminated", reason))


@scenario
async def test_the_answer_depends_on_the_state(rt: Runtime) -> None:
    door = await rt.start(Door, 42)
    assert await call(door, 1) == "no"
    assert await call(door, 42) == "ok"
    assert await call(door, 42) == "no"
    assert await call(door, "state") == "open"
    await advance(rt, 10.0)
    assert await call(door, "state") == "locked"


@scenario
async def test_calls_casts_and_plain_messages_are_told_apart(rt: Runtime) -> None:
    log: list[object] = []
    door = await rt.start(Door, 42, log)
    cast(door, "hello")
    send(door, "hello")
    await call(door, "hello")
    assert log[:2] == [Cast("hello"), Info("hello")]
    assert isinstance(log[2], Call)


@scenario
async def test_a_machine_is_stopped_and_terminates_as_a_server_does(
    rt: Runtime,
) -> None:
    log: list[object] = []
    door = await rt.start(Door, 42, log)
    await stop(door, "shutdown")
    assert log == [("terminated", "shutdown")]


@scenario
async def test_a_machine_may_stop_itself_with_a_reply(rt: Runtime) -> None:
    door = await rt.start(Door, 42)
    ref = monitor(door)
    assert await call(door, ("stop", "done")) == "bye"
    assert await rt.receive(Down) == Down(ref, door, "done")


@scenario
async def test_a_postponed_call_may_be_answered_by_stopping(rt: Runtime) -> None:
    def respond(state: str, event: object) -> StateOutcome:
        if isinstance(event, Call):
            wait = keep_state(postpone())
            return wait if state == "a" else stop_with("normal", reply="bye")
        return next_state("b")

    pid = await rt.start(Scripted, respond)
    asked = asyncio.ensure_future(call(pid, "x"))
    await wait_until_idle(rt)
    assert not asked.done()
    send(pid, "go")
    assert await asked == "bye"


@scenario
async def test_a_crash_report_shows_the_state_and_the_event(rt: Runtime) -> None:
    door = await rt.start(Door, 42, name="door")
    ref = monitor(door)
    send(door, "jam")
    down = await rt.receive(Down)
    assert down.ref is ref
    assert down.reason[0] == "error"
    (report,) = [r for r in rt.reports if isinstance(r, CrashReport)]
    assert (report.kind, report.name) == ("Door", "door")
    assert "'state': 'locked'" in report.state
    assert "Internal(content='break')" in report.last_message


@scenario
async def test_a_postponed_call_nobody_waits_for_any_more_is_harmless(
    rt: Runtime,
) -> None:
    def respond(state: str, event: object) -> StateOutcome:
        if isinstance(event, Call):
            return reply("late") if state == "b" else keep_state(postpone())
        return next_state("b")

    pid = await rt.start(Scripted, respond)
    asked = asyncio.ensure_future(call(pid, "x", timeout=1.0))
    await advance(rt, 1.0)
    await fails_with(CallTimeoutError, asked)
    send(pid, "go")
    assert await call(pid, "x") == "late"
    assert len(rt.root.mailbox) == 0


@scenario
async def test_a_caller_of_a_postponed_call_learns_of_the_end(rt: Runtime) -> None:
    pid = await rt.start(Scripted, lambda _state, _event: keep_state(postpone()))
    asked = asyncio.ensure_future(call(pid, "x"))
    await wait_until_idle(rt)
    send_exit(pid, "kill")
    assert (await fails_with(CallError, asked)).reason == "killed"


@scenario
async def test_init_may_refuse_or_have_nothing_to_do(rt: Runtime) -> None:
    failed = await fails_with(StartError, rt.start(Scripted, keep_state, [], ignore()))
    assert failed.reason == "ignore"
    refusal = stop_with("no")
    failed = await fails_with(StartError, rt.start(Scripted, keep_state, [], refusal))
    assert failed.reason == "no"
    assert rt.processes == ()


@scenario
async def test_init_must_say_the_first_state(rt: Runtime) -> None:
    failed = await fails_with(
        StartError, rt.start(Scripted, keep_state, [], keep_state())
    )
    assert "init returned KeepState" in repr(failed.reason)


@pytest.mark.parametrize("what", ["init", "handle_event"])
@scenario
async def test_a_machine_without_a_callback_says_so(rt: Runtime, what: str) -> None:
    class Bare(StateMachine):
        pass

    class Begun(StateMachine):
        def init(self) -> StateInitOutcome:
            return next_state("a")

    if what == "init":
        failed = await fails_with(StartError, rt.start(Bare))
        assert "Bare has no init." in repr(failed.reason)
    else:
        pid = await rt.start(Begun)
        ended = await fails_with(CallError, call(pid, "x"))
        assert "Begun has no handle_event for Call('x'" in repr(ended.reason)


@scenario
async def test_a_supervisor_starts_a_machine_anew_in_its_first_state(
    rt: Runtime,
) -> None:
    await rt.start(Supervisor(), [ChildSpec("door", Door, (42,), name="door")])
    assert await call("door", 42) == "ok"
    old = living("door")
    send(old, "jam")
    await wait_until_idle(rt)
    assert living("door") is not old
    assert await call("door", "state") == "locked"


@scenario
async def test_a_machine_that_keeps_itself_busy_leaves_others_their_turn(
    rt: Runtime,
) -> None:
    def busy(_state: object, _event: object) -> StateOutcome:
        return keep_state(next_event(Internal("again")))

    pid = await rt.start(Scripted, busy)
    door = await rt.start(Door, 42)
    send(pid, "go")
    assert await call(door, 42) == "ok"
    assert await call(door, "state") == "open"
    send_exit(pid, "kill")
    assert await call(door, "state") == "open"


def living(name: str) -> Pid:
    pid = whereis(name)
    assert pid is not None
    return pid
