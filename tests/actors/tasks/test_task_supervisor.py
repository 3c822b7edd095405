from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from functools import partial

from exmc.actors import (
    CallError,
    ChildError,
    ChildSpec,
    Exited,
    GenServer,
    NoProcessError,
    Ok,
    Pid,
    Runtime,
    Supervisor,
    TaskSupervisor,
    async_nolink,
    async_under,
    await_task,
    call,
    callers,
    send_exit,
    start_child,
    start_task,
    stop,
    task_children,
    task_spec,
    terminate_child,
    wait_for_exit,
    which_children,
    yield_task,
)
from exmc.actors.testing import wait_until_idle
from tests.actors.actors import Stubborn
from tests.actors.scenario import fails_with, scenario
from tests.actors.tasks.owners import Owner, boom, forever


class Gated(GenServer):
    """Has started once its gate is open."""

    async def init(self, gate: asyncio.Event) -> None:
        await gate.wait()


@asynccontextmanager
async def busy(supervisor: Pid) -> AsyncGenerator[None, None]:
    """Let a supervisor answer nothing before the block is over."""
    gate = asyncio.Event()
    spec = ChildSpec("gated", Gated, (gate,))
    starting = asyncio.ensure_future(start_child(supervisor, spec))
    yield
    gate.set()
    await starting


@scenario
async def test_a_task_under_a_supervisor_gives_its_value_to_who_started_it(
    rt: Runtime,
) -> None:
    async def doubled(x: int) -> int:
        return 2 * x

    supervisor = await rt.start(TaskSupervisor)
    assert await await_task(await async_nolink(supervisor, doubled, 2)) == 4
    assert await await_task(await async_under(supervisor, doubled, x=3)) == 6
    assert await await_task(await async_under(supervisor, callers)) == (rt.root.pid,)
    assert await task_children(supervisor) == ()


@scenario
async def test_the_crash_of_an_unlinked_task_is_a_result(rt: Runtime) -> None:
    supervisor = await rt.start(TaskSupervisor)

    async def work() -> object:
        return await yield_task(await async_nolink(supervisor, boom))

    owner = await rt.start(Owner)
    result = await call(owner, work)
    assert isinstance(result, Exited)
    assert isinstance(result.reason[1], ZeroDivisionError)
    assert owner.alive
    assert supervisor.alive


@scenario
async def test_the_crash_of_a_linked_task_ends_its_owner(rt: Runtime) -> None:
    supervisor = await rt.start(TaskSupervisor)

    async def work() -> object:
        return await yield_task(await async_under(supervisor, boom))

    error = await fails_with(CallError, call(await rt.start(Owner), work))
    assert isinstance(error.reason[1], ZeroDivisionError)
    assert supervisor.alive


@scenario
async def test_an_unlinked_task_outlives_its_owner(rt: Runtime) -> None:
    supervisor = await rt.start(TaskSupervisor)

    async def work() -> Pid:
        return (await async_nolink(supervisor, forever)).pid

    owner = await rt.start(Owner)
    task = await call(owner, work)
    send_exit(owner, "bored")
    assert await task_children(supervisor) == (task,)


@scenario
async def test_the_supervisor_stops_its_tasks(rt: Runtime) -> None:
    supervisor = await rt.start(TaskSupervisor)
    one, two = [await async_nolink(supervisor, forever) for _ in range(2)]
    await terminate_child(supervisor, one.pid)
    assert await yield_task(one) == Exited("shutdown")
    await stop(supervisor)
    assert await yield_task(two) == Exited("shutdown")
    await fails_with(NoProcessError, async_nolink(supervisor, forever))


@scenario
async def test_there_are_no_more_tasks_than_allowed(rt: Runtime) -> None:
    called: list[int] = []
    supervisor = await rt.start(TaskSupervisor(max_children=1))
    first = await async_nolink(supervisor, forever)
    error = await fails_with(ChildError, async_nolink(supervisor, called.append, 1))
    assert error.reason == "max_children"
    await terminate_child(supervisor, first.pid)
    await await_task(await async_nolink(supervisor, called.append, 2))
    assert called == [2]


@scenario
async def test_a_task_may_be_left_to_itself(rt: Runtime) -> None:
    called: list[object] = []
    supervisor = await rt.start(TaskSupervisor)

    def note(*args: object) -> None:
        called.append((args, callers()))

    pid = await start_task(supervisor, note, 1, 2)
    assert await wait_for_exit(pid) in ("normal", "noproc")
    assert called == [((1, 2), (rt.root.pid,))]


@scenario
async def test_a_start_that_is_broken_off_leaves_no_task(rt: Runtime) -> None:
    called: list[int] = []
    supervisor = await rt.start(TaskSupervisor)
    async with busy(supervisor):
        starting = asyncio.ensure_future(async_nolink(supervisor, called.append, 1))
        await wait_until_idle(rt)
        starting.cancel()
    await wait_until_idle(rt)
    assert starting.cancelled()
    assert len(await task_children(supervisor)) == 1
    assert called == []


@scenario
async def test_an_owner_that_dies_while_it_starts_a_task_leaves_none(
    rt: Runtime,
) -> None:
    called: list[int] = []
    supervisor, owner = await rt.start(TaskSupervisor), await rt.start(Owner)
    async with busy(supervisor):
        work = partial(async_nolink, supervisor, called.append, 1)
        calling = asyncio.ensure_future(fails_with(CallError, call(owner, work)))
        await wait_until_idle(rt)
        send_exit(owner, "kill")
        assert (await calling).reason == "killed"
    await wait_until_idle(rt)
    assert called == []


@scenario
async def test_any_supervisor_may_run_a_function_once(rt: Runtime) -> None:
    called: list[int] = []
    supervisor = await rt.start(Supervisor(), [task_spec(called.append, 1, id="note")])
    await wait_until_idle(rt)
    assert called == [1]
    assert await which_children(supervisor) == ()


@scenario
async def test_a_transient_task_is_run_until_it_returns(rt: Runtime) -> None:
    tries: list[int] = []

    async def third_time_lucky() -> None:
        tries.append(1)
        if len(tries) < 3:
            raise ValueError

    spec = task_spec(third_time_lucky, restart="transient")
    supervisor = await rt.start(Supervisor(), [spec])
    await wait_until_idle(rt)
    assert len(tries) == 3
    [child] = await which_children(supervisor)
    assert (child.id, child.pid) == (third_time_lucky.__qualname__, None)


@scenario
async def test_a_task_supervisor_is_a_child_like_others(rt: Runtime) -> None:
    specs = [
        ChildSpec("tasks", TaskSupervisor(max_children=9), name="tasks"),
        ChildSpec("other", Stubborn, shutdown="brutal_kill"),
    ]
    await rt.start(Supervisor(), specs)
    assert await yield_task(await async_nolink("tasks", int)) == Ok(0)
