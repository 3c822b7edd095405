from __future__ import annotations

import asyncio

import pytest

from exmc.actors import send, start
from exmc.actors.clock import Turn
from exmc.actors.testing import no_leaks, virtual_runtime, wait_until_idle
from tests.actors.actors import Echo
from tests.actors.scenario import in_plain_asyncio


def test_a_task_left_behind_is_found() -> None:
    async def main() -> None:
        with pytest.raises(AssertionError, match="Tasks were left behind: "):
            async with no_leaks():
                task = asyncio.create_task(asyncio.Event().wait())
        task.cancel()
        await asyncio.wait({task})

    in_plain_asyncio(main)


def test_a_task_that_is_ending_is_no_leak() -> None:
    async def main() -> None:
        async def short() -> None:
            for _ in range(3):
                await Turn()

        async with no_leaks():
            task = asyncio.create_task(short())
        assert task.done()

    in_plain_asyncio(main)


def test_waiting_until_idle_waits_for_every_process() -> None:
    async def main() -> None:
        async with virtual_runtime() as (rt, clock):
            log = list[object]()
            pid = await start(Echo, log)
            for number in range(5000):
                send(pid, number)
            await wait_until_idle(rt)
            assert len(log) == 5001
            assert clock.now() == 0.0

    in_plain_asyncio(main)
