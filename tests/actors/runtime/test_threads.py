from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

from exmc.actors import (
    CallTimeoutError,
    Exit,
    NoProcessError,
    NoRuntimeError,
    Runtime,
    StartError,
    call,
    self_pid,
    start,
)
from exmc.actors.runtime.threads import ThreadHandle
from exmc.actors.testing import Probe, wait_until_idle
from tests.actors.actors import Echo
from tests.actors.scenario import advance, fails_with, scenario

T = TypeVar("T")


async def in_thread(function: Callable[[], T]) -> T:
    return await asyncio.to_thread(function)


@scenario
async def test_a_thread_starts_asks_and_stops_a_process(rt: Runtime) -> None:
    def visit(processes: ThreadHandle) -> str:
        pid = processes.start(Echo, name="echo")
        assert processes.whereis("echo") is pid
        assert processes.call("echo", "hello") == "hello"
        processes.stop(pid)
        assert processes.whereis("echo") is None
        assert not pid.alive
        return str(processes.wait_for_exit(pid))

    assert await asyncio.to_thread(visit, rt.from_thread()) == "noproc"


@scenario
async def test_what_a_thread_sends_casts_and_calls_arrives_in_that_order(
    rt: Runtime,
) -> None:
    probe = Probe(answering=lambda request: request)
    pid = await start(probe)

    def visit(processes: ThreadHandle) -> None:
        processes.send(pid, 1)
        processes.cast(pid, 2)
        processes.send_exit(pid, "three")
        processes.call(pid, 4)

    await asyncio.to_thread(visit, rt.from_thread())
    assert probe.received == [1, 2, Exit(rt.root.pid, "three"), 4]


@scenario
async def test_a_thread_acts_as_the_root_and_not_as_who_made_it(rt: Runtime) -> None:
    async def whoever() -> object:
        return self_pid()

    probe = Probe(answering=lambda _: asyncio.to_thread(rt.from_thread().run, whoever))
    asked = await call(await rt.start(probe), "make a thread")
    assert await asked is rt.root.pid


@scenario
async def test_a_thread_is_told_why_a_start_failed(rt: Runtime) -> None:
    await rt.start(Echo, name="echo")
    starting = in_thread(lambda: rt.from_thread().start(Echo, name="echo"))
    error = await fails_with(StartError, starting)
    assert error.reason == ("already_started", rt.processes[0])


@scenario
async def test_a_thread_is_told_that_there_is_no_such_process(rt: Runtime) -> None:
    calling = in_thread(lambda: rt.from_thread().call("nobody", 1))
    assert (await fails_with(NoProcessError, calling)).reason == "noproc"
    await in_thread(lambda: rt.from_thread().send("nobody", 1))


@scenario
async def test_the_timeout_of_a_thread_is_on_the_clock_of_the_runtime(
    rt: Runtime,
) -> None:
    probe = Probe()
    pid = await rt.start(probe)
    calling = asyncio.ensure_future(
        in_thread(lambda: rt.from_thread().call(pid, 1, timeout=60.0))
    )
    while not probe.calls:
        await wait_until_idle(rt)
    await advance(rt, 60.0)
    await fails_with(CallTimeoutError, calling)


@scenario
async def test_a_thread_that_waits_when_the_runtime_is_left_is_told_so() -> None:
    async def inside() -> asyncio.Future[object]:
        async with Runtime() as other:
            entered = asyncio.Event()

            async def wait_for_ever() -> object:
                entered.set()
                return await asyncio.get_running_loop().create_future()

            waiting = asyncio.ensure_future(
                in_thread(lambda: other.from_thread().run(wait_for_ever))
            )
            await entered.wait()
            return waiting

    waiting = await asyncio.create_task(inside())
    assert str(await fails_with(NoRuntimeError, waiting)).startswith(
        "The runtime was left"
    )
