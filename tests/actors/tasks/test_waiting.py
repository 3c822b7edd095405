from __future__ import annotations

import asyncio

from exmc.actors import Runtime, async_task
from exmc.actors.process.here import here
from exmc.actors.tasks.waiting import wait_for_results
from tests.actors.scenario import during, scenario
from tests.actors.tasks.owners import boom, forever


@scenario
async def test_as_many_results_as_are_needed_end_the_wait(rt: Runtime) -> None:
    tasks = [async_task(int), async_task(forever), async_task(int)]
    assert await wait_for_results(here(), tasks, 2, None)
    assert [task.result is None for task in tasks] == [False, True, False]
    assert len(rt.processes) == 1


@scenario
async def test_nobody_waits_for_more_tasks_than_there_are(rt: Runtime) -> None:
    task = async_task(int)
    assert await wait_for_results(here(), [task, task], 9, None)
    assert await wait_for_results(here(), [], 9, None)
    assert rt.processes == ()


@scenario
async def test_time_ends_the_wait(rt: Runtime) -> None:
    waiting = wait_for_results(here(), [async_task(forever)], 1, 2.0)
    assert not await during(rt, waiting, 1.9, 0.1)


@scenario
async def test_without_time_nobody_waits(rt: Runtime) -> None:
    task = async_task(forever)
    assert not await wait_for_results(here(), [task], 1, 0)
    assert await wait_for_results(here(), [task], 0, 0)
    assert len(rt.processes) == 1


@scenario
async def test_a_failure_ends_the_wait_where_it_is_to(rt: Runtime) -> None:
    rt.trap_exit = True
    tasks = [async_task(forever), async_task(boom)]
    assert not await wait_for_results(here(), tasks, 2, None, or_failure=True)
    assert await wait_for_results(here(), tasks, 2, None, or_failure=True)


@scenario
async def test_a_wait_that_is_cancelled_leaves_the_tasks_as_they_were(
    rt: Runtime,
) -> None:
    task = async_task(forever)
    waiting = asyncio.ensure_future(wait_for_results(here(), [task], 1, None))
    await asyncio.wait({waiting}, timeout=0)
    waiting.cancel()
    await asyncio.wait({waiting})
    assert task.pid.alive
    assert task._listeners == {}
    assert len(rt.processes) == 1
