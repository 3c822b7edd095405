"""A runtime on a virtual clock, which is searched for what it leaves."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from exmc.actors.clock import VirtualClock
from exmc.actors.runtime.invariants import check_invariants
from exmc.actors.runtime.runtime import Runtime
from exmc.actors.testing.idle import wait_until_idle
from exmc.actors.testing.leaks import no_leaks, nothing_left

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from exmc.actors.testing.scheduling import RandomOrder


@asynccontextmanager
async def virtual_runtime(
    scheduling: RandomOrder | None = None,
) -> AsyncGenerator[tuple[Runtime, VirtualClock], None]:
    """Give a runtime on a virtual clock; check its invariants, and what it leaves.

    Args:
        scheduling: The order in which ready processes run; by default their own.

    Raises:
        AssertionError: An invariant of the runtime is broken when the block ends, or
            something is left after it.
    """
    clock = VirtualClock()
    async with no_leaks():
        async with Runtime(clock, scheduling=scheduling) as runtime:
            kernel = runtime.kernel
            yield runtime, clock
            await wait_until_idle(runtime)
            check_invariants(kernel)
        nothing_left(kernel)
