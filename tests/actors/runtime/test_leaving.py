from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from exmc.actors import (
    ChildSpec,
    GenServer,
    Pid,
    Process,
    Reason,
    Runtime,
    Supervisor,
    send_exit,
    start,
    start_link,
)
from exmc.actors.runtime.leaving import youngest_first
from exmc.actors.testing import VirtualClock, no_leaks, wait_until_idle
from tests.actors.actors import Echo, Refusing, Stubborn
from tests.actors.family import Family
from tests.actors.scenario import LOOPS, scenario


@pytest.fixture(params=sorted(LOOPS))
def loop(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def leave(
    loop: str, body: Callable[[Runtime], Awaitable[None]], clock: VirtualClock | None
) -> Runtime:
    """Enter a runtime, run the body, leave, and look for what is left."""
    runtime = Runtime(clock)

    async def main() -> None:
        async with no_leaks(), runtime as rt:
            table, root = rt.kernel.table, rt.root.pid
            await body(rt)
        assert table == {root}

    with asyncio.Runner(loop_factory=LOOPS[loop]) as runner:
        runner.run(main())
    return runtime


@pytest.mark.parametrize("clock", [None, VirtualClock()])
def test_what_was_started_is_stopped_in_reverse_order(
    loop: str, clock: VirtualClock | None
) -> None:
    family = Family()

    async def body(rt: Runtime) -> None:
        for spec in family.specs("ab"):
            await rt.start_child(spec)
        await rt.start(Supervisor(), family.specs("cd"))
        family.taken()

    leave(loop, body, clock)
    assert family.taken() == [("stop", name) for name in "dcba"]


def test_children_of_a_supervisor_that_was_killed_still_clean_up(loop: str) -> None:
    family = Family()

    async def body(rt: Runtime) -> None:
        supervisor = await rt.start(Supervisor(), family.specs("ab"))
        family.taken()
        send_exit(supervisor, "kill")

    leave(loop, body, None)
    assert sorted(family.taken()) == [("stop", "a"), ("stop", "b")]


def test_processes_without_a_parent_are_stopped_last(loop: str) -> None:
    log = list[object]()

    class Noting(GenServer):
        trap_exit = True

        def init(self, label: str) -> None:
            self.label = label

        def terminate(self, _reason: Reason, /) -> None:
            log.append(self.label)

    async def body(_rt: Runtime) -> None:
        await start_link(Noting, "a")
        await start(Lonely, log)
        await start_link(Noting, "b")

    leave(loop, body, None)
    assert log == ["b", "a", "lonely"]


class Lonely(Process):
    async def run(self, log: list[object]) -> None:
        try:
            await self.receive(str)
        finally:
            log.append("lonely")


def test_a_virtual_clock_is_moved_on_as_far_as_stopping_takes(loop: str) -> None:
    clock = VirtualClock()

    async def body(rt: Runtime) -> None:
        await rt.start(Stubborn)
        await rt.start_child(ChildSpec("a", Stubborn, shutdown=100.0))

    leave(loop, body, clock)
    assert clock.now() == 105.0


def test_a_spec_says_how_its_child_is_stopped(loop: str) -> None:
    clock = VirtualClock()

    async def body(rt: Runtime) -> None:
        await rt.start_child(ChildSpec("a", Stubborn, shutdown="brutal_kill"))

    leave(loop, body, clock)
    assert clock.now() == 0.0


def test_a_failing_block_is_left_in_order_too(loop: str) -> None:
    family = Family()

    async def body(rt: Runtime) -> None:
        for spec in family.specs("ab"):
            await rt.start_child(spec)
        raise ValueError("in the block")

    with pytest.raises(ValueError, match="in the block"):
        leave(loop, body, None)
    assert family.log[2:] == [("stop", "b"), ("stop", "a")]


def cancelled_while(
    loop: str,
    body: Callable[[Runtime], Awaitable[None]],
    times: int,
) -> set[Pid]:
    """Cancel a task in its block, and again while it leaves; return who is left."""
    tables = list[set[Pid]]()

    async def block() -> None:
        async with Runtime() as rt:
            tables.append(rt.kernel.table)
            await body(rt)
            await asyncio.get_running_loop().create_future()

    async def main() -> None:
        async with no_leaks():
            task = asyncio.create_task(block())
            for _ in range(times):
                await asyncio.wait({task}, timeout=0.01)
                task.cancel()
            await asyncio.wait({task}, timeout=5.0)
            assert task.cancelled()

    with asyncio.Runner(loop_factory=LOOPS[loop]) as runner:
        runner.run(main())
    [table] = tables
    return table


def test_a_cancelled_block_stops_its_children_in_order(loop: str) -> None:
    family = Family()

    async def body(rt: Runtime) -> None:
        await rt.start(Supervisor(), family.specs("ab"))

    table = cancelled_while(loop, body, times=1)
    assert len(table) == 1
    assert family.log[2:] == [("stop", "b"), ("stop", "a")]


@pytest.mark.parametrize("times", [2, 3])
def test_a_leaving_that_is_cancelled_kills_what_is_left(loop: str, times: int) -> None:
    async def body(rt: Runtime) -> None:
        for kind in (Stubborn, Echo):
            await rt.start_child(ChildSpec(kind, kind, shutdown="infinity"))

    assert len(cancelled_while(loop, body, times)) == 1


def test_a_handler_that_catches_everything_does_not_hold_the_leaving_up(
    loop: str,
) -> None:
    abandoned = list[object]()

    async def body(rt: Runtime) -> None:
        await rt.start(Refusing, 2)
        await wait_until_idle(rt)
        abandoned.append(rt.kernel.abandoned)

    leave(loop, body, VirtualClock())
    [coroutines] = abandoned
    assert isinstance(coroutines, list)
    [coroutine] = coroutines
    coroutine.close()


@scenario
async def test_the_youngest_process_is_the_first_to_go(rt: Runtime) -> None:
    pids = [await start(Echo) for _ in range(5)]
    assert youngest_first(rt.root) == pids[::-1]
