from __future__ import annotations

import asyncio

import pytest

from exmc.actors import CrashReport, Down, Process, Runtime, monitor, send, start
from exmc.actors.process.body_conduct import BODY
from exmc.actors.testing import wait_until_idle
from tests.actors.scenario import scenario


class Failing(Process):
    async def run(self, error: BaseException) -> None:
        await self.receive(str)
        raise error


@scenario
async def test_a_body_that_raises_crashes_with_its_error(rt: Runtime) -> None:
    error = ValueError("bad")
    pid = await start(Failing, error)
    ref = monitor(pid)
    send(pid, "go")
    assert await rt.receive(Down) == Down(ref, pid, ("error", error))
    [report] = rt.reports
    assert isinstance(report, CrashReport)
    assert report.kind == "Failing"


@scenario
async def test_a_body_that_awaits_what_was_cancelled_crashes(rt: Runtime) -> None:
    pid = await start(Failing, error := asyncio.CancelledError())
    ref = monitor(pid)
    send(pid, "go")
    assert await rt.receive(Down) == Down(ref, pid, ("error", error))


@scenario
async def test_a_body_whose_task_is_cancelled_is_killed(rt: Runtime) -> None:
    tasks = list[asyncio.Task[None]]()

    class Telling(Process):
        async def run(self) -> None:
            task = asyncio.current_task()
            assert task is not None
            tasks.append(task)
            await self.receive(str)

    pid = await start(Telling)
    ref = monitor(pid)
    await wait_until_idle(rt)
    tasks[0].cancel()
    assert await rt.receive(Down) == Down(ref, pid, "killed")
    assert list(rt.reports) == []


@scenario
async def test_a_body_takes_no_message_before_its_start(rt: Runtime) -> None:
    with pytest.raises(AssertionError, match="'x' came before the start"):
        BODY.plain(rt.root)("x")
    with pytest.raises(AssertionError, match="made 1 of 'x'"):
        BODY.settle(rt.root, "x", 1)
    with pytest.raises(AssertionError, match="failed at 'x'"):
        BODY.crash(rt.root, "x", ValueError())
