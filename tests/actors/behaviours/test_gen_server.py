"""Calls, deferred replies, starts, stops and ends of servers."""

from __future__ import annotations

import asyncio
import traceback
from typing import Any

from exmc.actors import (
    Call,
    CallError,
    CallingSelfError,
    CallTimeoutError,
    ChildSpec,
    CrashReport,
    Exit,
    GenServer,
    NoProcessError,
    Outcome,
    Pid,
    Reason,
    Runtime,
    StartError,
    Supervisor,
    call,
    cast,
    error_in,
    noreply,
    reply,
    send,
    send_exit,
    start,
    start_link,
    stop,
    stop_with,
    whereis,
)
from exmc.actors.server.outcome import CallOutcome, InitOutcome
from exmc.actors.testing import wait_until_idle
from tests.actors.behaviours.numbered import behaviour
from tests.actors.scenario import advance, during, fails_with, scenario


class Server(GenServer):
    """Answers, answers later, waits, ends or fails, as it is told."""

    def init(self, log: list[object] | None = None) -> None:
        self.log: list[object] = [] if log is None else log
        self.waiting: list[Call] = []

    async def handle_call(self, request: Any, caller: Call, /) -> CallOutcome:
        match request:
            case "wait":
                self.waiting.append(caller)
                return noreply()
            case "waiting":
                return reply(self.waiting.pop())
            case ("stop", reason):
                return stop_with(reason)
            case ("call", address):
                return reply(await call(address, "anything"))
            case ("stop_process", address):
                await stop(address)
            case BaseException():
                raise request
            case _:
                pass
        return reply(request)

    def handle_cast(self, request: Any, /) -> Outcome:
        match request:
            case ("answer", value):
                self.waiting.pop().reply(value)
            case ("stop", reason):
                return stop_with(reason)
            case BaseException():
                raise request
            case _:
                pass
        return None

    def handle_info(self, message: Any, /) -> Outcome:
        if isinstance(message, BaseException):
            raise message
        self.log.append(message)
        return None

    def terminate(self, reason: Reason, /) -> None:
        self.log.append(("terminated", reason))


class Trapping(Server):
    """The same; its end is asked of it, not forced on it."""

    trap_exit = True


def crashes(rt: Runtime) -> list[CrashReport]:
    """The crashes that were reported."""
    return [report for report in rt.reports if isinstance(report, CrashReport)]


@behaviour(37)
@scenario
async def test_a_call_that_is_not_answered_in_time_fails_and_leaves_nothing(
    rt: Runtime,
) -> None:
    server = await start(Server)
    late = fails_with(CallTimeoutError, call(server, "wait", timeout=5.0))
    error = await during(rt, late, 4.9, 0.1)
    assert error.reason == "timeout"
    cast(server, ("answer", "too late"))
    assert await call(server, "and now?") == "and now?"
    await wait_until_idle(rt)
    assert await rt.receive(object, timeout=0) is None


@behaviour(38)
@scenario
async def test_a_call_to_nobody_or_to_one_who_dies_fails_at_once(rt: Runtime) -> None:
    dead = await start(Server)
    await stop(dead)
    for address in (dead, "nobody"):
        error: CallError = await fails_with(NoProcessError, call(address, "x"))
        assert error.reason == "noproc"
    before = rt.clock.now()
    for reason in ("normal", "shutdown", "bad"):
        server = await start(Server)
        waiting = asyncio.ensure_future(call(server, "wait"))
        await wait_until_idle(rt)
        cast(server, ("stop", reason))
        assert (await fails_with(CallError, waiting)).reason == reason
    server = await start(Server)
    waiting = asyncio.ensure_future(call(server, "wait"))
    await wait_until_idle(rt)
    send_exit(server, "kill")
    assert (await fails_with(CallError, waiting)).reason == "killed"
    assert rt.clock.now() == before


@behaviour(39)
@scenario
async def test_a_handler_that_raises_is_reported_once_and_seen_by_all(
    rt: Runtime,
) -> None:
    server = await start(Server)
    error = await fails_with(CallError, call(server, ("call", server)))
    assert isinstance(error_in(error.reason), CallingSelfError)
    assert not server.alive
    rt.trap_exit = True
    for raised, ask in ((ValueError("in a call"), call), (OSError("in a cast"), cast)):
        server, known = await start_link(Server), len(crashes(rt))
        if ask is call:
            error = await fails_with(CallError, call(server, raised))
            assert error.reason == ("error", raised)
        else:
            cast(server, raised)
        assert await rt.receive(Exit) == Exit(server, ("error", raised))
        [report] = crashes(rt)[known:]
        assert (report.pid, report.reason) == (server, ("error", raised))
        frames = traceback.extract_tb(raised.__traceback__)
        assert frames[-1].name == f"handle_{ask.__name__}"
        assert repr(raised) in report.last_message
        assert "'waiting': []" in report.state
    known = len(crashes(rt))
    for orderly in (("shutdown", "a detail"), "shutdown", "normal"):
        server = await start(Server)
        await fails_with(CallError, call(server, ("stop", orderly)))
    assert len(crashes(rt)) == known


@behaviour(40)
@scenario
async def test_a_reply_may_come_later_and_from_anybody_but_only_once(
    rt: Runtime,
) -> None:
    server = await start(Server)
    asked = asyncio.ensure_future(call(server, "wait"))
    await wait_until_idle(rt)
    cast(server, ("answer", "from another handler"))
    assert await asked == "from another handler"
    asked = asyncio.ensure_future(call(server, "wait"))
    await wait_until_idle(rt)
    caller = await call(server, "waiting")

    class Answering(Server):
        def handle_cast(self, asking: Call, /) -> Outcome:
            asking.reply("from another process")
            asking.reply("again")
            return None

    cast(await start(Answering), caller)
    assert await asked == "from another process"
    caller.reply("once more")
    await wait_until_idle(rt)
    assert await rt.receive(object, timeout=0) is None


@behaviour(41)
@scenario
async def test_a_start_that_fails_says_why_and_leaves_no_trace(rt: Runtime) -> None:
    class Starting(GenServer):
        async def init(self, outcome: Any) -> InitOutcome:
            if outcome == "hang":
                await rt.clock.sleep(1e9)
            if isinstance(outcome, BaseException):
                raise outcome
            return stop_with(outcome)

    rt.trap_exit = True
    bearer = await start(Server, name="taken")
    before = rt.processes
    error = await fails_with(StartError, start_link(Server, name="taken"))
    assert error.reason == ("already_started", bearer)
    for outcome, reason in (
        ("bad", "bad"),
        ("normal", "normal"),
        (raised := ValueError("in init"), ("error", raised)),
    ):
        error = await fails_with(StartError, start_link(Starting, outcome, name="new"))
        assert error.reason == reason
    starting = start_link(Starting, "hang", name="new", timeout=3.0)
    late = await during(rt, fails_with(StartError, starting), 2.9, 0.1)
    assert late.reason == "timeout"
    assert rt.processes == before
    assert whereis("new") is None
    assert await rt.receive(object, timeout=0) is None
    send_exit(bearer, "kill")
    assert (await start(Server, name="taken")).alive


@behaviour(42)
@scenario
async def test_a_stop_returns_when_the_process_has_ended_in_its_own_way(
    rt: Runtime,
) -> None:
    class Slow(Server):
        async def terminate(self, reason: Reason, /) -> None:  # type: ignore[override]  # the base does not wait
            await rt.clock.sleep(1.0)
            super().terminate(reason)

    reasons: tuple[Reason, ...] = ("normal", "shutdown", ("shutdown", 1), "bad")
    server = rt.root.pid
    for reason in reasons:
        log = list[object]()
        server = await start(Slow, log)
        send(server, "before")
        await during(rt, stop(server, reason), 1.0)
        assert log == ["before", ("terminated", reason)]
        assert not server.alive
    error = await fails_with(NoProcessError, stop(server))
    assert error.reason == "noproc"
    await fails_with(NoProcessError, stop("nobody"))
    server = await start(Server)
    failed = await fails_with(CallError, call(server, ("stop_process", server)))
    assert isinstance(error_in(failed.reason), CallingSelfError)


class Parent(Server):
    """Starts a server linked to itself."""

    async def handle_call(self, request: Any, _caller: Call, /) -> CallOutcome:
        return reply(await start_link(Trapping, request))


@behaviour(43)
@scenario
async def test_terminate_runs_at_every_end_that_is_not_a_kill(rt: Runtime) -> None:
    async def noted(end: Any, kind: type[Server] = Trapping) -> list[object]:
        log = list[object]()
        await end(await start(kind, log))
        await advance(rt, 10.0)
        return log

    async def cast_error(pid: Pid) -> None:
        cast(pid, error)

    async def send_error(pid: Pid) -> None:
        send(pid, error)

    async def kill(pid: Pid) -> None:
        send_exit(pid, "kill")

    async def shut_down(pid: Pid) -> None:
        send_exit(pid, "shutdown")

    error = ValueError("bad")
    assert await noted(stop) == [("terminated", "normal")]
    for fail in (cast_error, send_error):
        assert await noted(fail, Server) == [("terminated", ("error", error))]
    assert await noted(kill) == []
    assert await noted(shut_down, Server) == []
    assert await noted(shut_down) == [Exit(rt.root.pid, "shutdown")]
    log = list[object]()
    parent = await start(Parent)
    child = await call(parent, log)
    await stop(parent, "shutdown")
    await wait_until_idle(rt)
    assert (child.alive, log) == (False, [("terminated", "shutdown")])
    log = []
    supervisor = await start(Supervisor(), [ChildSpec("a", Trapping, (log,))])
    await stop(supervisor)
    assert log == [("terminated", "shutdown")]
