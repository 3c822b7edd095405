"""Functions in processes of their own, one at a time or as a stream."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from exmc.actors import (
    Down,
    Exited,
    NotOwnerError,
    Ok,
    Process,
    Reason,
    Runtime,
    TaskError,
    TaskSupervisor,
    TaskTimeoutError,
    async_nolink,
    async_stream,
    async_task,
    await_task,
    monitor,
    send,
    send_exit,
    shutdown_task,
    start,
)
from exmc.actors.testing import wait_until_idle
from tests.actors.behaviours.numbered import behaviour
from tests.actors.scenario import advance, during, fails_with, scenario


class Doing(Process):
    """Runs a function when told to."""

    async def run(self, function: Any, *arguments: Any) -> None:
        await self.receive(str)
        await function(*arguments)


async def end_of(rt: Runtime, function: Any, *arguments: Any) -> Reason:
    """Why a process ends that runs a function."""
    doing = await start(Doing, function, *arguments)
    ref = monitor(doing)
    send(doing, "go")
    down = await during(rt, rt.receive(Down, lambda d: d.ref is ref))
    return down.reason


@behaviour(44)
@scenario
async def test_a_task_is_awaited_by_its_owner_only_and_shares_its_fate(
    rt: Runtime,
) -> None:
    async def after(seconds: float) -> float:
        await rt.clock.sleep(seconds)
        return seconds

    async def crash() -> None:
        raise error

    mine, error = async_task(after, 2.0), ValueError("bad")
    reason = await end_of(rt, await_task, mine)
    assert isinstance(reason, tuple)
    assert isinstance(reason[1], NotOwnerError)
    late = fails_with(TaskTimeoutError, await_task(mine, timeout=1.0))
    await during(rt, late, 1.0)
    await advance(rt, 5.0)
    assert (mine.pid.alive, await await_task(mine)) == (False, 2.0)

    async def owner_of_a_crash() -> None:
        async_task(crash)
        await rt.clock.sleep(1e9)

    async def bystander_of_a_crash() -> None:
        await fails_with(TaskError, await_task(await async_nolink(tasks, crash)))

    tasks = await rt.start(TaskSupervisor())
    assert await end_of(rt, owner_of_a_crash) == ("error", error)
    assert await end_of(rt, bystander_of_a_crash) == "normal"
    done, working = async_task(after, 0.0), async_task(after, 1e9)
    await advance(rt, 0.0)
    assert await shutdown_task(done) == Ok(0.0)
    assert await shutdown_task(working) is None
    assert rt.processes == (tasks,)
    assert await rt.receive(object, timeout=0) is None


class Counting:
    """Sleeps as long as the item says, and knows how many do at a time."""

    def __init__(self, rt: Runtime) -> None:
        self.clock = rt.clock
        self.taken = self.running = self.most = 0

    def items(self, *seconds: float) -> Iterator[float]:
        for self.taken, one in enumerate(seconds, start=1):
            yield one

    async def __call__(self, seconds: float) -> float:
        self.running += 1
        self.most = max(self.most, self.running)
        try:
            await self.clock.sleep(seconds)
        finally:
            self.running -= 1
        return seconds


@behaviour(45)
@scenario
async def test_a_stream_keeps_order_has_a_bound_and_leaves_nothing_behind(
    rt: Runtime,
) -> None:
    counting, seconds = Counting(rt), (3.0, 1.0, 2.0, 9.0)

    async def results(number: int, **options: Any) -> list[object]:
        options = {"max_concurrency": 2, "timeout": None, **options}
        async with async_stream(
            counting, counting.items(*seconds), **options
        ) as stream:
            return [await anext(stream) for _ in range(number)]

    inputs = [Ok(s) for s in seconds]
    assert await during(rt, results(4), 3.0, 9.0) == inputs
    assert counting.most == 2
    unordered = await during(rt, results(4, ordered=False), 3.0, 9.0)
    assert unordered == [Ok(1.0), *(Ok(s) for s in (3.0, 2.0)), Ok(9.0)]
    limited = {"timeout": 2.5, "on_timeout": "kill_task"}
    expected = [Exited("timeout"), Ok(1.0), Ok(2.0), Exited("timeout")]
    assert await during(rt, results(4, **limited), 2.5, 2.5) == expected
    assert await during(rt, results(1), 3.0) == [Ok(3.0)]
    assert (counting.taken, counting.running) == (2, 0)

    async def forever() -> None:
        async for _ in async_stream(
            counting, [1e9] * 9, max_concurrency=3, timeout=None
        ):
            pass

    for end in ("kill", "shutdown"):
        consumer = await start(Doing, forever)
        send(consumer, "go")
        await wait_until_idle(rt)
        assert counting.running == 3
        send_exit(consumer, end)
        await wait_until_idle(rt)
        assert counting.running == 0
    assert rt.processes == ()
    assert rt.root.links == {}
    assert await rt.receive(object, timeout=0) is None
