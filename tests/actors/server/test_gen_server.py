from __future__ import annotations

import asyncio
from dataclasses import dataclass

import pytest

from exmc.actors import (
    Call,
    CallError,
    CallingSelfError,
    CallTimeoutError,
    Down,
    GenServer,
    NoProcessError,
    Pid,
    Runtime,
    call,
    cast,
    monitor,
    noreply,
    reply,
    self_pid,
    send,
    send_exit,
    start,
    stop,
    telemetry,
)
from exmc.actors.events import CALL
from exmc.actors.server.gen_server import Request
from exmc.actors.server.outcome import CallOutcome
from exmc.actors.testing import wait_until_idle
from tests.actors.actors import Echo, Stubborn, Trapping
from tests.actors.scenario import advance, during, fails_with, scenario


@dataclass(frozen=True)
class Doubled(Request[int]):
    number: int


class Calculator(GenServer):
    """Answers a typed request, at once or when told to."""

    def init(self) -> None:
        self.waiting: list[tuple[Call, int]] = []

    def handle_call(self, request: Doubled | int, caller: Call, /) -> CallOutcome:
        if isinstance(request, Doubled):
            return reply(2 * request.number)
        self.waiting.append((caller, request))
        return noreply()

    def handle_cast(self, _message: object, /) -> None:
        for caller, number in self.waiting:
            caller.reply(2 * number)
            caller.reply("a second reply")


@scenario
async def test_a_typed_request_gives_its_reply() -> None:
    pid = await start(Calculator)
    answer: int = await call(pid, Doubled(21))
    assert answer == 42


@scenario
async def test_a_reply_may_come_later_and_only_the_first_counts(rt: Runtime) -> None:
    pid = await start(Calculator)
    asked = asyncio.ensure_future(call(pid, 4))
    await wait_until_idle(rt)
    assert not asked.done()
    cast(pid, "answer")
    assert await asked == 8
    assert await rt.receive(object, timeout=0) is None


class Delegate(GenServer):
    """Replies for another process."""

    def handle_cast(self, caller: Call, /) -> None:
        caller.reply("from the delegate")


class Delegating(GenServer):
    def init(self, to: Pid) -> None:
        self.to = to

    def handle_call(self, _request: object, caller: Call, /) -> CallOutcome:
        cast(self.to, caller)
        return noreply()


@scenario
async def test_another_process_may_reply() -> None:
    pid = await start(Delegating, await start(Delegate))
    assert await call(pid, "x") == "from the delegate"


@scenario
async def test_a_call_says_who_the_caller_is() -> None:
    class Who(GenServer):
        def handle_call(self, _request: object, caller: Call, /) -> CallOutcome:
            return reply(caller.pid)

    assert await call(await start(Who), "me") is self_pid()


@scenario
async def test_a_call_that_takes_too_long_fails_and_the_server_lives(
    rt: Runtime,
) -> None:
    pid = await start(Calculator)
    asked = fails_with(CallTimeoutError, call(pid, 4))
    error = await during(rt, asked, 4.9, 0.1)
    assert str(error) == f"Process {pid} has not replied within 5.0 s."
    assert error.reason == "timeout"
    assert await call(pid, Doubled(1)) == 2


@scenario
async def test_a_late_reply_reaches_nobody(rt: Runtime) -> None:
    pid = await start(Calculator)
    await during(rt, fails_with(CallTimeoutError, call(pid, 4, timeout=1.0)), 1.0)
    cast(pid, "answer")
    await wait_until_idle(rt)
    assert pid.alive
    assert len(rt.root.mailbox) == 0


@scenario
async def test_a_call_without_a_timeout_waits_on(rt: Runtime) -> None:
    pid = await start(Calculator)
    asked = asyncio.ensure_future(call(pid, 4, timeout=None))
    await advance(rt, 1e9)
    assert not asked.done()
    cast(pid, "answer")
    assert await asked == 8


@scenario
async def test_calling_the_dead_or_unknown_fails_at_once() -> None:
    dead = await start(Echo)
    send_exit(dead, "kill")
    assert (await fails_with(NoProcessError, call(dead, 1))).reason == "noproc"
    assert (await fails_with(NoProcessError, call("nobody", 1))).reason == "noproc"


@scenario
async def test_a_server_that_dies_fails_its_calls_with_its_reason() -> None:
    pid = await start(Echo)
    error = await fails_with(CallError, call(pid, ("stop", "enough")))
    assert error.reason == "enough"
    assert str(error) == "The process called ended with 'enough'."


@scenario
async def test_calls_that_still_wait_in_the_mailbox_fail_too(rt: Runtime) -> None:
    pid = await start(Stubborn)
    asked = [asyncio.ensure_future(call(pid, n)) for n in range(3)]
    await wait_until_idle(rt)
    send_exit(pid, "kill")
    reasons = [(await fails_with(CallError, one)).reason for one in asked]
    assert reasons == ["killed"] * 3


@scenario
async def test_a_handler_that_raises_ends_the_server_with_the_error(
    rt: Runtime,
) -> None:
    pid, bad = await start(Echo), ValueError("bad")
    ref = monitor(pid)
    error = await fails_with(CallError, call(pid, ("raise", bad)))
    assert error.reason == ("error", bad)
    assert await rt.receive(Down) == Down(ref, pid, ("error", bad))


@scenario
async def test_a_call_that_is_cancelled_leaves_nothing_at_the_server(
    rt: Runtime,
) -> None:
    pid = await start(Calculator)
    asked = asyncio.ensure_future(call(pid, 4))
    await wait_until_idle(rt)
    asked.cancel()
    await wait_until_idle(rt)
    assert getattr(pid.target, "watchers") == {}  # noqa: B009 (internal)
    cast(pid, "answer")
    await wait_until_idle(rt)
    assert pid.alive


class Selfish(GenServer):
    """Waits for itself."""

    async def handle_call(self, how: object, _caller: Call, /) -> CallOutcome:
        if how == "call":
            await call(self.pid, "me")
        await stop(self.pid)
        return reply(None)


@pytest.mark.parametrize("how", ["call", "stop"])
@scenario
async def test_a_process_that_waits_for_itself_is_told_so(how: str) -> None:
    pid = await start(Selfish)
    error = await fails_with(CallError, call(pid, how))
    cause = error.reason[1]
    assert isinstance(cause, CallingSelfError)
    assert cause.reason == "calling_self"
    assert str(cause) == f"Process {pid} would wait for itself for ever."


@scenario
async def test_a_cast_to_nobody_goes_nowhere(rt: Runtime) -> None:
    dead = await start(Echo)
    send_exit(dead, "kill")
    cast(dead, "hello")
    cast("nobody", "hello")
    await wait_until_idle(rt)
    assert list(rt.reports) == []
    assert len(rt.root.mailbox) == 0


@scenario
async def test_a_server_receives_casts_and_messages_apart(rt: Runtime) -> None:
    got = list[tuple[str, object]]()

    class Both(GenServer):
        def handle_cast(self, message: object, /) -> None:
            got.append(("cast", message))

        def handle_info(self, message: object, /) -> None:
            got.append(("info", message))

    pid = await start(Both)
    cast(pid, 1)
    send(pid, 2)
    await wait_until_idle(rt)
    assert got == [("cast", 1), ("info", 2)]


# Stopping


@scenario
async def test_stopping_runs_terminate_and_returns_after_the_death() -> None:
    log = list[object]()
    pid = await start(Echo, log, "x")
    await stop(pid, "shutdown")
    assert not pid.alive
    assert log[-1] == ("terminated", "x", "shutdown")


@scenario
async def test_stopping_handles_the_messages_before_it_first() -> None:
    log = list[object]()
    pid = await start(Echo, log)
    send(pid, "before")
    await stop(pid)
    assert log[1:] == ["before", ("terminated", None, "normal")]


@scenario
async def test_stopping_the_dead_fails_at_once() -> None:
    pid = await start(Echo)
    await stop(pid)
    await fails_with(NoProcessError, stop(pid))


@scenario
async def test_stopping_one_that_ends_otherwise_says_how() -> None:
    class Bad(GenServer):
        def terminate(self, _reason: object, /) -> None:
            raise ValueError("in terminate")

    error = await fails_with(CallError, stop(await start(Bad)))
    assert repr(error.reason) == "('error', ValueError('in terminate'))"


@scenario
async def test_stopping_gives_up_after_its_timeout(rt: Runtime) -> None:
    pid = await start(Stubborn)
    await during(rt, fails_with(TimeoutError, stop(pid, timeout=2.0)), 2.0)
    assert pid.alive
    send_exit(pid, "kill")


# When terminate is run


@scenario
async def test_terminate_is_run_for_the_parents_exit_when_trapping(
    rt: Runtime,
) -> None:
    log = list[object]()
    pid = await rt.start(Trapping, log, "x")
    send_exit(pid, "shutdown")
    await wait_until_idle(rt)
    assert log[-1] == ("terminated", "x", "shutdown")


@scenario
async def test_terminate_is_run_when_a_handler_fails(rt: Runtime) -> None:
    log, bad = list[object](), ValueError("bad")
    pid = await start(Echo, log, "x")
    cast(pid, ("raise", bad))
    await wait_until_idle(rt)
    assert log[-1] == ("terminated", "x", ("error", bad))


@scenario
async def test_terminate_is_not_run_when_the_process_is_killed(rt: Runtime) -> None:
    log = list[object]()
    for kind in (Echo, Trapping, Stubborn):
        pid = await start(kind, log)
        send_exit(pid, "kill")
    await wait_until_idle(rt)
    assert [m for m in log if isinstance(m, tuple) and m[0] == "terminated"] == []


@scenario
async def test_an_exit_of_a_stranger_does_not_end_one_that_traps(rt: Runtime) -> None:
    log = list[object]()
    pid = await start(Trapping, log)
    send_exit(pid, "shutdown")
    await wait_until_idle(rt)
    assert pid.alive
    assert len(log) == 2


# What is not defined


@scenario
async def test_an_undefined_handler_ends_the_server_and_names_the_message(
    rt: Runtime,
) -> None:
    pid = await start(GenServer)
    error = await fails_with(CallError, call(pid, "hello"))
    assert str(error.reason[1]) == (
        f"GenServer has no handle_call for 'hello' from {rt.root.pid}."
    )
    pid = await start(GenServer)
    ref = monitor(pid)
    cast(pid, "hello")
    down = await rt.receive(Down, lambda d: d.ref is ref)
    assert str(down.reason[1]) == "GenServer has no handle_cast for 'hello'."


@scenario
async def test_an_undefined_handler_of_messages_drops_them(rt: Runtime) -> None:
    pid = await start(GenServer)
    send(pid, "hello")
    await wait_until_idle(rt)
    assert pid.alive


@scenario
async def test_a_call_is_a_span_of_telemetry(rt: Runtime) -> None:
    told = list[tuple[str, ...]]()
    telemetry.attach("test", CALL, lambda event, *_: told.append(event))
    try:
        pid = await start(Echo)
        assert await call(pid, 1) == 1
        send_exit(pid, "kill")
        await fails_with(NoProcessError, call(pid, 1))
    finally:
        telemetry.detach("test")
    assert [event[-1] for event in told] == ["start", "stop", "start", "exception"]
    assert rt.processes == ()
