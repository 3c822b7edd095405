"""Waiting until no process moves any more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exmc.actors.clock import settle

if TYPE_CHECKING:
    from exmc.actors.runtime.runtime import Runtime


async def wait_until_idle(runtime: Runtime) -> None:
    """Let processes run until none of them moves any more.

    What waits for the world outside, such as a socket, counts as idle; so does what
    waits for a virtual clock, which moves only when it is told to.
    """
    kernel = runtime.kernel
    await settle(lambda: kernel.activity)
