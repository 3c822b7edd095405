from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from exmc.actors import (
    BadTaskOptionError,
    Exited,
    NotOwnerError,
    Ok,
    Runtime,
    Task,
    TaskDone,
    TaskError,
    TaskSupervisor,
    TaskTimeoutError,
    async_nolink,
    async_task,
    await_many,
    await_task,
    call,
    cast,
    ignore_task,
    notify_when_done,
    send_exit,
    shutdown_task,
    wait_for_exit,
    yield_many,
    yield_task,
)
from exmc.actors.testing import wait_until_idle
from tests.actors.scenario import advance, during, fails_with, scenario
from tests.actors.tasks.owners import Owner, Trapping, boom, forever, received


async def shutdown(task: Task[object]) -> object:
    return await shutdown_task(task)


async def ignored(task: Task[object]) -> object:
    return ignore_task(task)


async def notify(task: Task[object]) -> None:
    notify_when_done(task)


async def many(task: Task[object]) -> object:
    return await await_many([task])


async def several(task: Task[object]) -> object:
    return await yield_many([task])


ASKING: list[Callable[[Task[object]], Awaitable[object]]] = [
    await_task,
    many,
    yield_task,
    several,
    shutdown,
    ignored,
    notify,
]


class After:
    """A function that returns a value when the test says so."""

    def __init__(self) -> None:
        self.said = asyncio.Event()

    async def __call__(self, value: int) -> int:
        await self.said.wait()
        return value


@pytest.mark.parametrize("ask", ASKING)
@scenario
async def test_only_the_owner_may_ask(
    rt: Runtime, ask: Callable[[Task[object]], Awaitable[object]]
) -> None:
    task = async_task(forever)

    async def intrude() -> NotOwnerError:
        return await fails_with(NotOwnerError, ask(task))

    error = await call(other := await rt.start(Owner), intrude)
    assert str(error).startswith(
        f"{task!r} can be asked by its owner {rt.root.pid} only, not by {other}; let"
    )


@scenario
async def test_a_value_that_is_there_already_is_returned_at_once(rt: Runtime) -> None:
    task = async_task(int, "7")
    await wait_until_idle(rt)
    assert await await_task(task, timeout=0) == 7
    assert await await_task(task) == 7
    assert await yield_task(task) == Ok(7)


@scenario
async def test_a_timeout_leaves_neither_reply_nor_down(rt: Runtime) -> None:
    after = After()

    async def work() -> list[object]:
        task = async_task(after, 3)
        await fails_with(TaskTimeoutError, await_task(task, timeout=1.0))
        after.said.set()
        await wait_for_exit(task.pid)
        return await received()

    owner = await rt.start(Trapping)
    assert await during(rt, call(owner, work), 1.0) == []
    assert await call(owner, received) == []


@scenario
async def test_what_was_not_there_in_time_can_be_waited_for_again(
    rt: Runtime,
) -> None:
    after = After()
    task = async_task(after, 3)
    error = await during(rt, fails_with(TaskTimeoutError, await_task(task)), 4.9, 0.1)
    assert str(error) == f"{task!r} has given no value within 5.0 s."
    assert error.reason == "timeout"
    after.said.set()
    assert await await_task(task) == 3


@scenario
async def test_asyncio_may_break_a_wait_off(rt: Runtime) -> None:
    after = After()
    task = async_task(after, 3)
    waiting = asyncio.ensure_future(await_task(task, timeout=None))
    await wait_until_idle(rt)
    waiting.cancel()
    await wait_until_idle(rt)
    after.said.set()
    assert await await_task(task) == 3


@scenario
async def test_many_values_come_in_the_order_asked_for(rt: Runtime) -> None:
    afters = [After() for _ in range(3)]
    tasks = [async_task(after, i) for i, after in enumerate(afters)]
    for after in reversed(afters):
        after.said.set()
        await wait_until_idle(rt)
    assert await await_many([*tasks, tasks[0]]) == [0, 1, 2, 0]
    assert await await_many(()) == []


@scenario
async def test_one_timeout_counts_for_all_of_many(rt: Runtime) -> None:
    afters = [After() for _ in range(2)]
    tasks = [async_task(after, i) for i, after in enumerate(afters)]
    waiting = asyncio.ensure_future(await_many(tasks, timeout=2.0))
    await advance(rt, 1.5)
    afters[0].said.set()
    await advance(rt, 0.4)
    assert not waiting.done()
    await advance(rt, 0.1)
    error = await fails_with(TaskTimeoutError, waiting)
    assert str(error).startswith(repr(tasks[1]))


@scenario
async def test_the_first_failure_of_many_is_raised_at_once(rt: Runtime) -> None:
    rt.trap_exit = True
    slow, bad = async_task(forever), async_task(boom)
    error = await fails_with(TaskError, await_many([slow, bad], timeout=None))
    assert str(error).startswith(f"{bad!r} ended with ('error', ZeroDivisionError(")


@scenario
async def test_yielding_gives_the_value_the_exit_or_nothing(rt: Runtime) -> None:
    supervisor = await rt.start(TaskSupervisor)
    bad, slow = await async_nolink(supervisor, boom), async_task(forever)
    assert await yield_task(async_task(int)) == Ok(0)
    result = await yield_task(bad)
    assert isinstance(result, Exited)
    assert isinstance(result.reason[1], ZeroDivisionError)
    assert await during(rt, yield_task(slow, timeout=3.0), 3.0) is None
    assert await yield_task(slow, timeout=0) is None


@scenario
async def test_yielding_many_gives_each_task_with_its_result(rt: Runtime) -> None:
    done, slow = async_task(int), async_task(forever)
    results = await during(rt, yield_many([done, slow], timeout=1.0), 1.0)
    assert results == [(done, Ok(0)), (slow, None)]
    assert slow.pid.alive


@scenario
async def test_a_limit_ends_the_wait_and_treats_nobody_as_late(rt: Runtime) -> None:
    done, slow = async_task(int), async_task(forever)
    results = await yield_many([done, slow], limit=1, on_timeout="kill_task")
    assert results == [(done, Ok(0)), (slow, None)]
    assert slow.pid.alive
    assert len(rt.processes) == 1


@scenario
async def test_late_tasks_are_killed_where_that_was_asked_for(rt: Runtime) -> None:
    done, slow = async_task(int), async_task(forever)
    waiting = yield_many([done, slow], timeout=1.0, on_timeout="kill_task")
    assert await during(rt, waiting, 1.0) == [(done, Ok(0)), (slow, None)]
    assert not slow.pid.alive


@scenario
async def test_late_tasks_are_ignored_where_that_was_asked_for(rt: Runtime) -> None:
    slow = async_task(forever)
    waiting = yield_many([slow], timeout=1.0, on_timeout="ignore")
    assert await during(rt, waiting, 1.0) == [(slow, None)]
    assert slow.pid.alive
    assert slow.ignored


@scenario
async def test_options_out_of_their_domain_are_refused(rt: Runtime) -> None:
    task = async_task(int)
    bad_limit = await fails_with(BadTaskOptionError, yield_many([task], limit=-1))
    assert str(bad_limit) == "limit must be at least 0 or None, got -1."
    nonsense = yield_many([task], on_timeout="explode")  # type: ignore[arg-type]
    assert str(await fails_with(BadTaskOptionError, nonsense)) == (
        "on_timeout must be one of ('nothing', 'ignore', 'kill_task'), got 'explode'."
    )
    assert len(rt.processes) == 1


@scenario
async def test_shutting_down_ends_a_task_and_spares_its_owner(rt: Runtime) -> None:
    async def work() -> tuple[object, bool, list[object]]:
        task = async_task(forever)
        result = await shutdown_task(task)
        return result, task.pid.alive, await received()

    assert await call(await rt.start(Owner), work) == (None, False, [])
    assert await call(await rt.start(Trapping), work) == (None, False, [])


@scenario
async def test_shutting_down_gives_the_value_that_came_first(rt: Runtime) -> None:
    async def answer_when_told_to_end() -> int:
        try:
            await forever()
        except asyncio.CancelledError:
            return 3
        return 4

    done, racing = async_task(int, "7"), async_task(answer_when_told_to_end)
    killed = async_task(answer_when_told_to_end)
    await wait_until_idle(rt)
    assert await shutdown_task(done) == Ok(7)
    assert await shutdown_task(racing) == Ok(3)
    late = yield_many([killed], timeout=0, on_timeout="kill_task")
    assert await late == [(killed, Ok(3))]


@scenario
async def test_a_task_that_is_shut_down_before_its_turn_calls_nothing(
    rt: Runtime,
) -> None:
    called: list[int] = []
    assert await shutdown_task(async_task(called.append, 1)) is None
    await wait_until_idle(rt)
    assert called == []


@scenario
async def test_a_task_that_ended_otherwise_says_how(rt: Runtime) -> None:
    rt.trap_exit = True
    bad, told = async_task(boom), async_task(forever)
    await wait_for_exit(bad.pid)
    result = await shutdown_task(bad)
    assert isinstance(result, Exited)
    assert isinstance(result.reason[1], ZeroDivisionError)
    send_exit(told.pid, "bored")
    assert await shutdown_task(told) == Exited("bored")


@scenario
async def test_a_brutal_kill_is_what_the_task_was_told(rt: Runtime) -> None:
    rt.trap_exit = True
    task, other = async_task(forever), async_task(forever)
    assert await shutdown_task(task, "brutal_kill") is None
    send_exit(other.pid, "kill")
    assert await shutdown_task(other) == Exited("killed")


@scenario
async def test_an_ignored_task_works_on_alone_and_is_asked_no_more(
    rt: Runtime,
) -> None:
    after, done = After(), async_task(int)
    await wait_until_idle(rt)
    task = async_task(after, 3)
    assert (ignore_task(task), ignore_task(done)) == (None, Ok(0))
    error = await fails_with(TaskError, await_task(task))
    assert str(error) == f"{task!r} was ignored by its owner, so its result is dropped."
    after.said.set()
    assert await wait_for_exit(task.pid) == "normal"


@scenario
async def test_an_ignored_task_that_crashes_spares_its_owner(rt: Runtime) -> None:
    async def work() -> list[object]:
        task = async_task(boom)
        ignore_task(task)
        await wait_for_exit(task.pid)
        return await received()

    assert await call(await rt.start(Owner), work) == []


@scenario
async def test_a_server_may_have_the_result_as_a_message(rt: Runtime) -> None:
    after = After()

    async def work() -> None:
        done, later = async_task(int), async_task(after, 3)
        await await_task(done)
        notify_when_done(done)
        notify_when_done(later)
        notify_when_done(later)

    owner = await rt.start(Trapping)
    await call(owner, work)
    after.said.set()
    await wait_until_idle(rt)
    results = []
    for message in await call(owner, received):
        assert isinstance(message, TaskDone)
        results.append(message.result)
    assert results == [Ok(0), Ok(3)]


@scenario
async def test_a_task_that_is_shut_down_or_ignored_sends_no_message(
    rt: Runtime,
) -> None:
    async def work() -> list[object]:
        tasks = [async_task(int), async_task(forever), async_task(forever)]
        for task in tasks:
            notify_when_done(task)
        await await_task(tasks[0])
        await shutdown_task(tasks[0])
        await shutdown_task(tasks[1])
        ignore_task(tasks[2])
        send_exit(tasks[2].pid, "kill")
        return await received()

    assert await call(await rt.start(Owner), work) == []


@scenario
async def test_an_owner_that_is_dead_is_told_nothing(rt: Runtime) -> None:
    after = After()

    async def work() -> None:
        notify_when_done(async_task(after, 3))

    owner = await rt.start(Owner)
    await call(owner, work)
    cast(owner, "nothing that it understands")
    await wait_for_exit(owner)
    after.said.set()
    await wait_until_idle(rt)
    assert rt.processes == ()
