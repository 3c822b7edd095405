"""What may escape from the code of a process besides an Exception."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from exmc.actors import (
    Call,
    CallError,
    Down,
    GenServer,
    Pid,
    Process,
    Reason,
    Runtime,
    call,
    link,
    monitor,
    noreply,
    send,
    send_exit,
    start,
    stop,
    stop_with,
    system,
)
from exmc.actors.clock import Turn
from exmc.actors.exit_reason import error_in
from exmc.actors.testing import wait_until_idle
from tests.actors.actors import Echo
from tests.actors.scenario import during, fails_with, scenario


class Ended(BaseException):
    """Derives from BaseException, as pytest's own outcomes do."""


class Doing(GenServer):
    """Does as it is told, and writes down what its terminate was given."""

    def init(self, log: list[object]) -> None:
        self.log = log

    def handle_info(self, do: Callable[[Doing], None], /) -> None:
        return do(self)

    def terminate(self, reason: Reason, /) -> None:
        self.log.append(reason)


async def end_of(rt: Runtime, do: Callable[[Doing], object], log: list[object]) -> Down:
    """Return how a process ends that does something."""
    pid = await start(Doing, log)
    ref = monitor(pid)
    send(pid, do)
    await wait_until_idle(rt)
    down = await rt.receive(Down, lambda d: d.ref is ref, timeout=0)
    assert down is not None
    return down


@pytest.mark.parametrize("kind", [asyncio.CancelledError, Ended, ValueError])
@pytest.mark.parametrize("waits", [False, True])
@scenario
async def test_whatever_a_handler_raises_is_its_crash(
    rt: Runtime,
    kind: type[BaseException],
    waits: bool,
) -> None:
    def at_once(_: object) -> None:
        raise kind

    async def later(_: object) -> None:
        await Turn()
        raise kind

    log = list[object]()
    down = await end_of(rt, later if waits else at_once, log)
    assert isinstance(error_in(down.reason), kind)
    assert log == [down.reason]
    assert len(rt.reports) == 1


@scenario
async def test_what_a_terminate_raises_is_the_reason(rt: Runtime) -> None:
    class Unwilling(GenServer):
        async def terminate(self, _reason: Reason, /) -> None:
            raise asyncio.CancelledError

    pid = await start(Unwilling)
    error = await fails_with(CallError, stop(pid))
    assert isinstance(error_in(error.reason), asyncio.CancelledError)
    assert len(rt.reports) == 1


class Group(Process):
    """Receives inside a TaskGroup."""

    async def run(self) -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(asyncio.Event().wait())
            await self.receive(object)


@scenario
async def test_a_body_that_receives_in_a_task_group_ends_as_it_is_asked(
    rt: Runtime,
) -> None:
    pid = await start(Group)
    await wait_until_idle(rt)
    await stop(pid, "shutdown")
    assert len(rt.reports) == 0


@scenario
async def test_an_exit_inside_a_task_group_keeps_its_reason(rt: Runtime) -> None:
    async def leave(me: Doing) -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(asyncio.Event().wait())
            await Turn()
            send_exit(me.pid, "bye")

    assert (await end_of(rt, leave, list[object]())).reason == "bye"


@scenario
async def test_an_error_beside_an_exit_is_a_crash(rt: Runtime) -> None:
    async def fail(_: object) -> None:
        raise ValueError

    async def leave(me: Doing) -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(fail(me))
            try:
                await asyncio.Event().wait()
            finally:
                send_exit(me.pid, "bye")

    down = await end_of(rt, leave, list[object]())
    assert isinstance(error_in(down.reason), BaseExceptionGroup)


@scenario
async def test_what_a_killed_handler_raises_runs_no_terminate(rt: Runtime) -> None:
    async def unclean(_: object) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            raise ValueError

    log = list[object]()
    pid = await start(Doing, log)
    send(pid, unclean)
    await wait_until_idle(rt)
    send_exit(pid, "kill")
    assert log == []
    assert len(rt.reports) == 0


@pytest.mark.parametrize("how", ["raise", "stop"])
@scenario
async def test_who_was_ended_meanwhile_runs_no_terminate(rt: Runtime, how: str) -> None:
    dead = await start(Echo)
    await stop(dead)

    def tie(_: object) -> object:
        link(dead)
        if how == "raise":
            raise ValueError
        return stop_with("shutdown")

    log = list[object]()
    assert (await end_of(rt, tie, log)).reason == "noproc"
    assert log == []
    assert len(rt.reports) == 0


class Forwarding(GenServer):
    """Hands its calls on."""

    def init(self, answer: Callable[[Call], object]) -> None:
        self.answer = answer

    def handle_call(self, _request: object, caller: Call, /) -> object:  # type: ignore[override]  # wrong on purpose
        return self.answer(caller)


@scenario
async def test_a_call_handed_on_by_a_traced_process_is_answered(rt: Runtime) -> None:
    echo = await start(Echo)

    def hand_on(caller: Call) -> object:
        send(echo, caller)
        return noreply()

    pid = await start(Forwarding, hand_on)
    await system.trace(pid, lambda _: None)
    assert await asked(rt, pid) == "hello"


@scenario
async def test_to_answer_nothing_is_a_mistake_of_a_traced_process_too(
    rt: Runtime,
) -> None:
    async def nothing(_: Call) -> None:
        return None

    pid = await start(Forwarding, nothing)
    await system.trace(pid, lambda _: None)
    error = await fails_with(CallError, asked(rt, pid))
    assert isinstance(error_in(error.reason), TypeError)


def asked(rt: Runtime, pid: Pid) -> Awaitable[object]:
    """Call a process and let no time pass."""
    return during(rt, call(pid, "hello", timeout=1.0))
