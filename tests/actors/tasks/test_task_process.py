from __future__ import annotations

import asyncio
import inspect
from typing import Any, cast

import pytest

from exmc.actors import (
    CrashReport,
    Exit,
    Pid,
    Runtime,
    TaskSupervisor,
    async_nolink,
    async_task,
    async_under,
    await_task,
    call,
    callers,
    self_pid,
    send_exit,
    start_child,
    start_task,
    task_spec,
    wait_for_exit,
)
from exmc.actors.clock import Turn
from exmc.actors.tasks.task import Task
from exmc.actors.tasks.task_process import Job, name_of
from exmc.actors.tasks.task_supervisor import spec_of
from exmc.actors.testing import wait_until_idle
from tests.actors.scenario import fails_with, scenario
from tests.actors.tasks.owners import Owner, Trapping, boom, received


@scenario
async def test_plain_and_async_functions_are_called_with_their_arguments(
    rt: Runtime,
) -> None:
    async def later(x: int, *, y: int) -> int:
        await Turn()
        return x + y

    def now(x: int, *, y: int) -> int:
        return x + y

    assert rt.processes == ()
    assert await await_task(async_task(later, 1, y=2)) == 3
    assert await await_task(async_task(now, 1, y=2)) == 3


@scenario
async def test_a_task_knows_for_whom_it_works(rt: Runtime) -> None:
    async def outer() -> tuple[Pid, tuple[Pid, ...]]:
        return self_pid(), await await_task(async_task(callers))

    assert callers() == ()
    outer_pid, known = await await_task(async_task(outer))
    assert known == (outer_pid, rt.root.pid)


@scenario
async def test_a_server_works_for_nobody_even_when_a_task_asks_it(rt: Runtime) -> None:
    async def who() -> tuple[Pid, ...]:
        return callers()

    owner = await rt.start(Owner)
    assert await await_task(async_task(call, owner, who)) == ()


@scenario
async def test_a_task_that_has_given_its_value_sends_no_exit(rt: Runtime) -> None:
    async def work() -> list[object]:
        task = async_task(int, "3")
        assert await await_task(task) == 3
        await wait_for_exit(task.pid)
        return await received()

    assert await call(await rt.start(Trapping), work) == []


@scenario
async def test_an_owner_that_traps_exits_hears_of_a_crash(rt: Runtime) -> None:
    async def work() -> tuple[Pid, list[object]]:
        task = async_task(boom)
        await wait_for_exit(task.pid)
        return task.pid, await received()

    pid, [message] = await call(await rt.start(Trapping), work)
    assert isinstance(message, Exit)
    assert message.pid is pid


@scenario
async def test_the_crash_report_shows_the_function_and_its_arguments(
    rt: Runtime,
) -> None:
    rt.trap_exit = True
    await wait_for_exit(async_task(boom, 1, 2).pid)
    [report] = rt.reports
    assert isinstance(report, CrashReport)
    assert "boom" in report.state
    assert "(1, 2)" in report.state


@scenario
async def test_a_task_whose_owner_is_dead_is_not_begun(rt: Runtime) -> None:
    called: list[int] = []
    supervisor = await rt.start(TaskSupervisor)
    owner = await rt.start(Owner)
    send_exit(owner, "kill")
    task: Task[None] = Task(owner, "append")
    job = Job(called.append, (1,), {}, (), task, linked=True)
    await start_child(supervisor, spec_of(job, 1, "temporary"))
    await wait_until_idle(rt)
    assert called == []


@scenario
async def test_a_task_that_nobody_wants_any_more_is_not_begun(rt: Runtime) -> None:
    called: list[int] = []
    supervisor = await rt.start(TaskSupervisor)
    task: Task[None] = Task(rt.root.pid, "append")
    task.kill()
    job = Job(called.append, (1,), {}, (), task)
    await start_child(supervisor, spec_of(job, 1, "temporary"))
    await wait_until_idle(rt)
    assert called == []


@scenario
async def test_a_linked_task_under_a_supervisor_ends_with_its_owner(
    rt: Runtime,
) -> None:
    supervisor = await rt.start(TaskSupervisor)

    async def work() -> Pid:
        return (await async_under(supervisor, asyncio.Event().wait)).pid

    owner = await rt.start(Owner)
    task = await call(owner, work)
    send_exit(owner, "bored")
    assert not task.alive
    assert supervisor.alive


def test_a_function_is_called_by_its_name() -> None:
    assert name_of(boom) == "boom"
    assert name_of(type("Nameless", (), {"__call__": boom})()).startswith("<")


@scenario
async def test_an_error_of_the_function_reaches_the_owner(rt: Runtime) -> None:
    rt.trap_exit = True
    assert rt.trap_exit
    error = await fails_with(Exception, await_task(async_task(boom)))
    assert isinstance(error.__cause__, ZeroDivisionError)


@scenario
async def test_what_calling_a_function_gives_is_no_task(rt: Runtime) -> None:
    async def job() -> None:
        raise AssertionError("It is not to be run.")

    supervisor = await rt.start(TaskSupervisor())
    said = r"async_task\(f, x\), not async_task\(f\(x\)\); got <coroutine .*job"
    coroutine: Any = job()
    with pytest.raises(TypeError, match=said):
        async_task(coroutine)
    assert inspect.getcoroutinestate(coroutine) == inspect.CORO_CLOSED
    for doing in (async_nolink, async_under, start_task):
        coroutine = job()
        with pytest.raises(TypeError, match=said):
            await doing(supervisor, coroutine)
    with pytest.raises(TypeError, match="got 5"):
        Job(cast("Any", 5))
    with pytest.raises(TypeError, match="got 5"):
        task_spec(cast("Any", 5))
    assert rt.processes == (supervisor,)
