from __future__ import annotations

import asyncio

import pytest

from exmc.actors import (
    Call,
    CallError,
    CallOutcome,
    CrashReport,
    Down,
    GenServer,
    Outcome,
    Reason,
    Runtime,
    Timeout,
    call,
    cast,
    continue_with,
    monitor,
    noreply,
    reply,
    send,
    send_exit,
    start,
    stop_with,
)
from exmc.actors.clock import Turn
from exmc.actors.testing import wait_until_idle
from tests.actors.scenario import advance, fails_with, scenario


class Plain(GenServer):
    """Returns from each handler what the message holds."""

    def init(self, log: list[object]) -> None:
        self.log = log

    def handle_call(self, outcome: CallOutcome, _caller: Call, /) -> CallOutcome:
        return outcome

    def handle_cast(self, outcome: Outcome, /) -> Outcome:
        return outcome

    def handle_info(self, message: object, /) -> Outcome:
        self.log.append(message)
        return None

    def handle_continue(self, argument: object, /) -> Outcome:
        self.log.append(("continued", argument))
        return None

    def terminate(self, reason: Reason, /) -> None:
        self.log.append(("terminated", reason))


class Waiting(GenServer):
    """The same with handlers that wait."""

    async def init(self, log: list[object]) -> None:
        await Turn()
        self.log = log

    async def handle_call(self, outcome: CallOutcome, _caller: Call, /) -> CallOutcome:
        await Turn()
        return outcome

    async def handle_cast(self, outcome: Outcome, /) -> Outcome:
        await Turn()
        return outcome

    async def handle_info(self, message: object, /) -> Outcome:
        await Turn()
        self.log.append(message)
        return None

    async def handle_continue(self, argument: object, /) -> Outcome:
        await Turn()
        self.log.append(("continued", argument))
        return None

    async def terminate(self, reason: Reason, /) -> None:
        await Turn()
        self.log.append(("terminated", reason))


@pytest.fixture(params=[Plain, Waiting])
def kind(request: pytest.FixtureRequest) -> type[GenServer]:
    chosen: type[GenServer] = request.param
    return chosen


@scenario
async def test_handlers_may_wait_or_not(rt: Runtime, kind: type[GenServer]) -> None:
    log = list[object]()
    pid = await start(kind, log)
    assert await call(pid, reply(1)) == 1
    cast(pid, None)
    cast(pid, noreply())
    send(pid, "hello")
    await wait_until_idle(rt)
    assert log == ["hello"]


@scenario
async def test_what_an_outcome_continues_with_goes_before_what_waits(
    rt: Runtime, kind: type[GenServer]
) -> None:
    log = list[object]()
    pid = await start(kind, log)
    cast(pid, continue_with("a"))
    send(pid, "first message")
    cast(pid, noreply(then="b"))
    send(pid, "second message")
    await wait_until_idle(rt)
    expected = [("continued", "a"), "first message", ("continued", "b")]
    assert log == [*expected, "second message"]


@scenario
async def test_a_reply_may_continue_too(rt: Runtime, kind: type[GenServer]) -> None:
    log = list[object]()
    pid = await start(kind, log)
    assert await call(pid, reply(1, then="c")) == 1
    await wait_until_idle(rt)
    assert log == [("continued", "c")]


@scenario
async def test_stopping_with_a_reply_answers_before_terminate(
    rt: Runtime, kind: type[GenServer]
) -> None:
    log = list[object]()
    pid = await start(kind, log)
    assert await call(pid, stop_with("normal", reply="bye")) == "bye"
    await wait_until_idle(rt)
    assert log == [("terminated", "normal")]
    assert not pid.alive


@scenario
async def test_stopping_a_cast_needs_no_reply(
    rt: Runtime, kind: type[GenServer]
) -> None:
    pid = await start(kind, list[object]())
    ref = monitor(pid)
    cast(pid, stop_with(("shutdown", "x")))
    assert await rt.receive(Down) == Down(ref, pid, ("shutdown", "x"))


@scenario
async def test_a_timeout_comes_when_no_message_does(
    rt: Runtime, kind: type[GenServer]
) -> None:
    log = list[object]()
    pid = await start(kind, log)
    assert await call(pid, reply(1, timeout=3.0)) == 1
    await advance(rt, 2.9)
    assert log == []
    await advance(rt, 0.1)
    assert log == [Timeout()]
    await advance(rt, 10.0)
    assert log == [Timeout()]


@scenario
async def test_a_message_prevents_the_timeout(
    rt: Runtime, kind: type[GenServer]
) -> None:
    log = list[object]()
    pid = await start(kind, log)
    cast(pid, noreply(timeout=3.0))
    await advance(rt, 2.0)
    send(pid, "hello")
    await advance(rt, 10.0)
    assert log == ["hello"]


@scenario
async def test_a_process_that_has_died_gets_no_timeout(
    rt: Runtime, kind: type[GenServer]
) -> None:
    log = list[object]()
    pid = await start(kind, log)
    cast(pid, noreply(timeout=3.0))
    await wait_until_idle(rt)
    send_exit(pid, "kill")
    await advance(rt, 10.0)
    assert log == []


@scenario
async def test_a_call_without_an_outcome_is_a_crash_with_a_remedy(
    kind: type[GenServer],
) -> None:
    pid = await start(kind, list[object]())
    error = await fails_with(CallError, call(pid, None))
    assert str(error.reason[1]) == (
        f"{kind.__name__} returned None for Call(None from <0.0>); "
        f"return reply(value), noreply() or stop_with(reason)."
    )


@scenario
async def test_a_reply_to_a_cast_is_a_crash_with_a_remedy(
    rt: Runtime, kind: type[GenServer]
) -> None:
    pid = await start(kind, list[object]())
    monitor(pid)
    cast(pid, reply(1))
    down = await rt.receive(Down)
    assert str(down.reason[1]).endswith(
        "return noreply() or stop_with(reason), or None."
    )


# Reports


@pytest.mark.parametrize("reason", ["normal", "shutdown", ("shutdown", 1)])
@scenario
async def test_an_orderly_stop_is_not_reported(rt: Runtime, reason: Reason) -> None:
    pid = await start(Plain, list[object]())
    cast(pid, stop_with(reason))
    await wait_until_idle(rt)
    assert list(rt.reports) == []


@scenario
async def test_a_disorderly_stop_is_reported_once(rt: Runtime) -> None:
    pid = await start(Plain, list[object]())
    cast(pid, stop_with("broken"))
    await wait_until_idle(rt)
    [report] = rt.reports
    assert isinstance(report, CrashReport)
    assert report.reason == "broken"


@scenario
async def test_a_death_by_signal_is_not_a_crash(rt: Runtime) -> None:
    pid = await start(Plain, list[object]())
    send_exit(pid, "bad")
    assert list(rt.reports) == []


# Cancellation


class Cancelled(GenServer):
    """Awaits something that somebody else has cancelled."""

    def init(self, log: list[object]) -> None:
        self.log = log

    async def handle_cast(self, _message: object, /) -> None:
        future = asyncio.get_running_loop().create_future()
        asyncio.get_running_loop().call_soon(future.cancel)
        await future

    def terminate(self, reason: Reason, /) -> None:
        self.log.append(reason)


@scenario
async def test_awaiting_what_was_cancelled_is_a_crash_like_any_other(
    rt: Runtime,
) -> None:
    log = list[object]()
    pid = await start(Cancelled, log)
    monitor(pid)
    cast(pid, "go")
    down = await rt.receive(Down)
    assert isinstance(down.reason[1], asyncio.CancelledError)
    assert log == [down.reason]
    assert len(rt.reports) == 1


@scenario
async def test_cancelling_the_task_of_a_handler_kills_its_process(
    rt: Runtime,
) -> None:
    tasks, log = list[asyncio.Task[None]](), list[object]()

    class Telling(Cancelled):
        async def handle_cast(self, _message: object, /) -> None:
            task = asyncio.current_task()
            assert task is not None
            tasks.append(task)
            await asyncio.get_running_loop().create_future()

    pid = await start(Telling, log)
    ref = monitor(pid)
    cast(pid, "go")
    await wait_until_idle(rt)
    tasks[0].cancel()
    assert await rt.receive(Down) == Down(ref, pid, "killed")
    assert log == []


@scenario
async def test_a_handler_may_catch_its_own_timeout_and_go_on() -> None:
    class Patient(GenServer):
        async def handle_call(self, _request: object, _caller: Call, /) -> CallOutcome:
            for _ in range(3):
                try:
                    async with asyncio.timeout(0.0):
                        await asyncio.get_running_loop().create_future()
                except TimeoutError:
                    pass
            return reply("done")

    pid = await start(Patient)
    assert await call(pid, "x") == "done"
    assert await call(pid, "x") == "done"
