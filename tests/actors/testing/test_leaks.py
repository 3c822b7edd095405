from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from exmc.actors import Runtime, VirtualClock, send, send_after, start
from exmc.actors.clock import Turn
from exmc.actors.testing import leaks, no_leaks, nothing_left, wait_until_idle
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


@pytest.mark.skipif(not Path("/dev/fd").is_dir(), reason="descriptors are not listed")
def test_a_descriptor_left_open_is_found() -> None:
    async def main() -> None:
        opened = list[int]()
        with pytest.raises(AssertionError, match="Descriptors were left open: "):
            async with no_leaks():
                opened.append(os.open("/dev/null", os.O_RDONLY))
        os.close(opened[0])

    in_plain_asyncio(main)


def test_where_descriptors_are_not_listed_only_tasks_count(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(leaks, "OPEN_FILES", Path("/nowhere"))

    async def main() -> None:
        async with no_leaks():
            opened = os.open("/dev/null", os.O_RDONLY)
        os.close(opened)

    in_plain_asyncio(main)


def test_what_a_runtime_has_not_stopped_is_found() -> None:
    async def main() -> None:
        async with Runtime(VirtualClock()) as rt:
            await start(Echo, name="echo")
            send("echo", "early")
            await wait_until_idle(rt)
            send_after(3.0, "echo", "late")
            with pytest.raises(AssertionError, match="The runtime has left beh") as it:
                nothing_left(rt.kernel)
        message = str(it.value)
        assert "'processes': [<0.1>], 'names': ['echo'], 'carriers': [" in message
        assert "'timers': [3.0]" in message

    in_plain_asyncio(main)


def test_a_runtime_that_was_left_has_nothing_left() -> None:
    async def main() -> None:
        async with Runtime(VirtualClock()) as rt:
            await start(Echo, name="echo")
            kernel = rt.kernel
        nothing_left(kernel)

    in_plain_asyncio(main)


def test_timers_of_a_clock_that_is_not_virtual_are_not_known() -> None:
    async def main() -> None:
        async with Runtime() as rt:
            assert leaks.pending_timers(rt.kernel) == []

    in_plain_asyncio(main)
