"""What tests of processes need: virtual time, idleness, and a check for leaks."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from exmc.actors.clock import VirtualClock, settle
from exmc.actors.runtime.runtime import Runtime

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

__all__ = ["VirtualClock", "no_leaks", "virtual_runtime", "wait_until_idle"]


async def wait_until_idle(runtime: Runtime) -> None:
    """Let processes run until none of them moves any more.

    What waits for the world outside, such as a socket, counts as idle.
    """
    kernel = runtime.kernel
    await settle(lambda: kernel.activity)


@asynccontextmanager
async def no_leaks() -> AsyncGenerator[None, None]:
    """Check that as many tasks exist after the block as before it.

    Raises:
        AssertionError: The block left a task behind.
    """
    before = asyncio.all_tasks()
    yield
    await settle(lambda: 0)
    left = [task for task in asyncio.all_tasks() - before if not task.done()]
    if left:
        raise AssertionError(f"Tasks were left behind: {left}.")


@asynccontextmanager
async def virtual_runtime() -> AsyncGenerator[tuple[Runtime, VirtualClock], None]:
    """Give a runtime on a virtual clock, and check that it leaves no task."""
    clock = VirtualClock()
    async with no_leaks(), Runtime(clock) as runtime:
        yield runtime, clock
