from __future__ import annotations

from typing import assert_type

from exmc.actors import (
    CallError,
    Exit,
    Pid,
    Runtime,
    Task,
    TaskError,
    async_task,
    await_task,
    call,
    self_pid,
    send_exit,
    stop,
    wait_for_exit,
)
from exmc.actors.process.here import here
from exmc.actors.testing import wait_until_idle
from tests.actors.scenario import fails_with, scenario
from tests.actors.tasks.owners import Owner, Trapping, boom, forever, received


@scenario
async def test_a_function_runs_in_a_process_of_its_own(rt: Runtime) -> None:
    task = async_task(self_pid)
    assert await await_task(task) is task.pid
    assert task.pid is not rt.root.pid


@scenario
async def test_the_function_is_called_only_once_the_owner_waits(rt: Runtime) -> None:
    called: list[int] = []
    async_task(called.append, 1)
    assert called == []
    await wait_until_idle(rt)
    assert called == [1]


@scenario
async def test_a_task_is_linked_to_its_owner(rt: Runtime) -> None:
    task = async_task(forever)
    assert task.pid in here().links
    send_exit(task.pid, "kill")
    assert rt.processes == ()


@scenario
async def test_the_crash_of_a_task_ends_its_owner_with_the_same_reason(
    rt: Runtime,
) -> None:
    async def work() -> None:
        await await_task(async_task(boom))

    owner = await rt.start(Owner)
    error = await fails_with(CallError, call(owner, work))
    assert isinstance(error.reason[1], ZeroDivisionError)
    assert not owner.alive


@scenario
async def test_an_owner_that_traps_exits_gets_the_error_and_one_exit(
    rt: Runtime,
) -> None:
    async def work() -> tuple[TaskError, list[object]]:
        error = await fails_with(TaskError, await_task(async_task(boom)))
        return error, await received()

    error, [message] = await call(await rt.start(Trapping), work)
    assert isinstance(message, Exit)
    assert message.reason == error.reason
    assert isinstance(error.__cause__, ZeroDivisionError)


@scenario
async def test_a_task_ends_with_its_owner_unless_that_ends_normally(
    rt: Runtime,
) -> None:
    async def begin() -> Pid:
        return async_task(forever).pid

    bored, done = await rt.start(Owner), await rt.start(Owner)
    abandoned, kept = await call(bored, begin), await call(done, begin)
    send_exit(bored, "bored")
    await stop(done)
    assert (abandoned.alive, kept.alive) == (False, True)


@scenario
async def test_a_process_that_leaves_the_runtime_takes_its_tasks_along(
    rt: Runtime,
) -> None:
    task = async_task(forever)
    await wait_until_idle(rt)
    assert task.pid.alive


@scenario
async def test_a_function_may_end_its_process_normally_without_a_value(
    rt: Runtime,
) -> None:
    def leave() -> None:
        send_exit(self_pid(), "normal")

    task = async_task(leave)
    assert await wait_for_exit(task.pid) == "normal"
    error = await fails_with(TaskError, await_task(task))
    assert error.reason == "normal"
    assert rt.processes == ()


@scenario
async def test_a_checker_knows_what_a_task_gives(rt: Runtime) -> None:
    async def length(text: str) -> int:
        return len(text)

    awaited, plain = async_task(length, "four"), async_task("four".upper)
    assert_type(awaited, Task[int])
    assert_type(plain, Task[str])
    assert assert_type(await await_task(awaited), int) == 4
    assert assert_type(await await_task(plain), str) == "FOUR"
    assert rt.processes == ()
