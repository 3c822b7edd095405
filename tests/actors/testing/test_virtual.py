from __future__ import annotations

import asyncio

import pytest

from exmc.actors import Pid, call, send_after, start
from exmc.actors.testing import RandomOrder, virtual_runtime
from tests.actors.actors import Echo
from tests.actors.scenario import fails_with, in_plain_asyncio


def test_an_hour_of_a_virtual_runtime_takes_no_time() -> None:
    async def main() -> None:
        async with virtual_runtime() as (_, clock):
            log = list[object]()
            pid = await start(Echo, log)
            send_after(3600.0, pid, "late")
            await clock.advance(3600.0)
            assert log[1:] == ["late"]
            assert clock.now() == 3600.0

    in_plain_asyncio(main)


def test_it_may_run_its_processes_in_another_order() -> None:
    async def main() -> None:
        async with virtual_runtime(RandomOrder(3)) as _:
            assert await call(await start(Echo), "hello") == "hello"

    in_plain_asyncio(main)


def test_it_says_which_invariant_is_broken_at_the_end() -> None:
    async def main() -> None:
        async def breaking() -> None:
            async with virtual_runtime() as (rt, _):
                pid = Pid(99)
                rt.kernel.table.add(pid)

        error = await fails_with(AssertionError, breaking())
        assert "<0.99> is in the process table and dead" in str(error)

    in_plain_asyncio(main)


def test_it_finds_a_task_that_was_left() -> None:
    async def main() -> None:
        left = list[asyncio.Task[bool]]()
        with pytest.raises(AssertionError, match="Tasks were left behind"):
            async with virtual_runtime():
                left.append(asyncio.create_task(asyncio.Event().wait()))
        left[0].cancel()
        await asyncio.wait(left)

    in_plain_asyncio(main)
