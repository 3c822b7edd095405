from __future__ import annotations

import asyncio
import gc
import signal
import weakref
from collections.abc import Callable
from contextvars import Context, copy_context
from typing import TypeVar

import pytest

from exmc.actors import (
    CallError,
    ChildSpec,
    CrashReport,
    NoProcessError,
    NoRuntimeError,
    Pid,
    Process,
    Runtime,
    StartError,
    Supervisor,
    call,
    self_pid,
    send,
    start_link,
    wait_for_exit,
)
from exmc.actors.kernel.control_block import current
from exmc.actors.runtime.threads import ThreadHandle
from exmc.actors.testing import wait_until_idle
from tests.actors.actors import Echo, Stubborn
from tests.actors.family import Family
from tests.actors.scenario import LOOPS, fails_with, scenario

T = TypeVar("T")


@scenario
async def test_a_runtime_starts_processes_of_its_own(rt: Runtime) -> None:
    pid = await rt.start(Echo, name="echo")
    assert await call("echo", 1) == 1
    assert pid in rt.root.links
    assert rt.processes == (pid,)


@scenario
async def test_a_runtime_starts_what_a_spec_says(rt: Runtime) -> None:
    family = Family()
    pid = await rt.start_child(family.spec("a", shutdown=1.0))
    assert rt.root.stopping == {pid: 1.0}
    family.refusing["b"] = 1
    await fails_with(StartError, rt.start_child(family.spec("b")))


@scenario
async def test_the_clock_and_the_reports_are_to_be_seen(rt: Runtime) -> None:
    assert rt.clock is rt.kernel.clock
    assert len(rt.reports) == 0


def test_a_runtime_that_is_not_entered_does_not_run() -> None:
    with pytest.raises(NoRuntimeError, match="The runtime does not run; use it inside"):
        _ = Runtime().root
    with pytest.raises(NoRuntimeError, match="The runtime does not run; use it inside"):
        _ = Runtime().reports


def test_the_reports_can_be_read_after_the_block_was_left() -> None:
    async def main() -> None:
        async with Runtime() as runtime:
            pid = await runtime.start(Process)
            await wait_for_exit(pid)
        assert isinstance(report := runtime.reports[-1], CrashReport)
        assert report.pid is pid

    asyncio.run(main())


def test_a_runtime_is_entered_once() -> None:
    async def main() -> None:
        runtime = Runtime()
        async with runtime:
            pass
        with pytest.raises(NoRuntimeError, match="A Runtime is entered once; make"):
            async with runtime:
                pass
        with pytest.raises(NoRuntimeError, match="The runtime does not run"):
            _ = runtime.clock

    asyncio.run(main())


def test_a_runtime_inside_another_is_a_world_of_its_own() -> None:
    async def main() -> None:
        async with Runtime() as outer:
            await outer.start(Echo, name="echo")
            async with Runtime() as inner:
                assert self_pid() is inner.root.pid
                await fails_with(NoProcessError, call("echo", 1))
            assert self_pid() is outer.root.pid
            assert await call("echo", 1) == 1

    asyncio.run(main())


@scenario
async def test_a_task_from_elsewhere_can_be_the_root(rt: Runtime) -> None:
    seen = list[Pid]()

    async def stranger() -> None:
        with rt.entered() as root:
            seen.extend([root, self_pid()])

    await asyncio.create_task(stranger(), context=Context())
    assert seen == [rt.root.pid] * 2


def test_who_has_left_is_nobody_and_keeps_nothing_of_the_runtime() -> None:
    async def main() -> None:
        async with Runtime() as rt:
            await rt.start(Echo)
            await call(await rt.start_child(ChildSpec("echo", Echo)), 1)
            kernel = weakref.ref(rt.kernel)
            del rt
        with pytest.raises(NoRuntimeError, match="Not inside a runtime"):
            self_pid()
        gc.collect()
        assert kernel() is None

    asyncio.run(main())


def test_a_runtime_that_was_left_keeps_nothing_either() -> None:
    async def main() -> None:
        async with Runtime() as rt:
            kernel = weakref.ref(rt.kernel)
        gc.collect()
        assert kernel() is None
        await fails_with(NoRuntimeError, rt.__aenter__())

    asyncio.run(main())


def test_a_stranger_is_nobody_again_after_it_was_the_root() -> None:
    async def stranger(rt: Runtime) -> None:
        with rt.entered():
            pass
        assert current.get(None) is None

    async def main() -> None:
        async with Runtime() as rt:
            await asyncio.create_task(stranger(rt), context=Context())

    asyncio.run(main())


@pytest.mark.parametrize("context", [Context, copy_context])
@scenario
async def test_who_leaves_in_another_context_is_who_it_was(
    rt: Runtime, context: Callable[[], Context]
) -> None:
    inner = Runtime()
    await asyncio.create_task(inner.__aenter__(), context=context())
    await inner.__aexit__(None, None, None)
    assert self_pid() is rt.root.pid


# Threads


async def in_a_thread(function: Callable[[], T]) -> T:
    return await asyncio.to_thread(function)


@scenario
async def test_a_thread_may_call_and_send(rt: Runtime) -> None:
    log = list[object]()
    pid = await rt.start(Echo, log, name="echo")
    assert await in_a_thread(lambda: rt.from_thread().call("echo", "hello")) == "hello"
    await in_a_thread(lambda: rt.from_thread().send(pid, "message"))
    await wait_until_idle(rt)
    assert log[1:] == ["message"]


@scenario
async def test_a_thread_may_run_a_function_as_the_root(rt: Runtime) -> None:
    async def begin(name: str) -> Pid:
        return await start_link(Echo, name=name)

    pid = await in_a_thread(lambda: rt.from_thread().run(begin, "echo"))
    assert pid in rt.root.links


@scenario
async def test_a_thread_sees_the_errors_of_its_calls(rt: Runtime) -> None:
    pid = await rt.start(Echo)

    def fail() -> None:
        rt.from_thread().call(pid, ("stop", "bad"))

    error = await fails_with(CallError, in_a_thread(fail))
    assert error.reason == "bad"


@scenario
async def test_waiting_for_ones_own_thread_is_refused(rt: Runtime) -> None:
    with pytest.raises(NoRuntimeError, match="The runtime's own thread would wait"):
        rt.from_thread().call("echo", 1)


@scenario
async def test_sending_from_a_thread_in_the_ordinary_way_is_refused(
    rt: Runtime,
) -> None:
    pid = await rt.start(Echo)

    def send_wrongly() -> None:
        send(pid, "message")

    await wait_until_idle(rt)
    error = await fails_with(NoRuntimeError, in_a_thread(send_wrongly))
    assert pid.target is not None
    assert not getattr(pid.target, "mailbox")  # noqa: B009 (internal)
    assert await call(pid, "still there") == "still there"
    assert "A message was sent from another thread" in str(error)


@scenario
async def test_a_thread_is_refused_before_and_after(rt: Runtime) -> None:
    with pytest.raises(NoRuntimeError, match="The runtime does not run"):
        Runtime().from_thread()

    async def inside() -> ThreadHandle:
        async with Runtime() as other:
            return other.from_thread()

    left = await asyncio.create_task(inside())
    calling = asyncio.to_thread(left.call, rt.root.pid, "x")
    error = await fails_with(NoRuntimeError, calling)
    assert str(error).startswith("The runtime was left")


@pytest.mark.parametrize("loop", sorted(LOOPS))
def test_control_c_stops_the_children_in_order_and_is_raised(loop: str) -> None:
    family = Family()

    async def main() -> None:
        async with Runtime() as rt:
            await rt.start(Supervisor(), family.specs("ab"))
            signal.raise_signal(signal.SIGINT)
            await asyncio.get_running_loop().create_future()

    with (
        pytest.raises(KeyboardInterrupt),
        asyncio.Runner(loop_factory=LOOPS[loop]) as runner,
    ):
        runner.run(main())
    assert family.log[2:] == [("stop", "b"), ("stop", "a")]


@pytest.mark.parametrize("loop", sorted(LOOPS))
def test_control_c_during_the_leaving_does_not_hang(loop: str) -> None:
    async def main() -> None:
        async with Runtime() as rt:
            hang = ChildSpec("hangs", Stubborn, shutdown="infinity")
            await rt.start_child(hang)
            asyncio.get_running_loop().call_later(
                0.02, signal.raise_signal, signal.SIGINT
            )
            signal.raise_signal(signal.SIGINT)
            await asyncio.get_running_loop().create_future()

    with (
        pytest.raises(KeyboardInterrupt),
        asyncio.Runner(loop_factory=LOOPS[loop]) as runner,
    ):
        runner.run(main())
