"""How a runtime is left: everything is stopped, in order, or killed."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from exmc.actors.clock import VirtualClock
from exmc.actors.exit_reason import KILL
from exmc.actors.supervision.child_lifecycle import stop_child

if TYPE_CHECKING:
    from exmc.actors.pid import Pid, Target
    from exmc.actors.runtime.root import Root


async def stop_everything(root: Root) -> None:
    """Stop what the root started, last first, then all others.

    If this is cancelled, or fails, every process that is left is killed at once.
    """
    try:
        await in_due_time(root)
    finally:
        # What cleans up from here on cannot start anything that would be left.
        root.kernel.closed = True
        for pid in youngest_first(root):
            if pid.target is not None:
                pid.target.exit(root.pid, KILL, linked=False)
        root.close()


async def in_due_time(root: Root) -> None:
    """Stop everything; a virtual clock is moved on as far as that takes."""
    clock = root.kernel.clock
    if not isinstance(clock, VirtualClock):
        await stop_in_order(root)
        return
    stopping = asyncio.ensure_future(stop_in_order(root))
    try:
        await clock.jump_until(stopping)
    finally:
        stopping.cancel()
        await asyncio.wait({stopping})
    stopping.result()


async def stop_in_order(root: Root) -> None:
    """Stop the root's own children, last first, then those whom nobody else stops."""
    for mine in (is_child_of_root, is_left_alone):
        for pid in youngest_first(root):
            if pid.target is not None and mine(pid.target, root):
                shutdown = root.stopping.get(pid, pid.target.shutdown)
                await stop_child(pid, shutdown)


def is_child_of_root(process: Target, root: Root) -> bool:
    """Tell whether the root started it with a link."""
    return process.parent is root.pid


def is_left_alone(process: Target, root: Root) -> bool:  # noqa: ARG001 (one shape)
    """Tell whether it never had a parent, or has outlived it."""
    return process.parent is None or process.parent.target is None


def youngest_first(root: Root) -> list[Pid]:
    """Return every living process but the root, the last started first."""
    others = root.kernel.table - {root.pid}
    return sorted(others, key=lambda pid: pid.number, reverse=True)
