"""What must not be left when a test is over: tasks, descriptors, processes, timers."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from exmc.actors.clock import VirtualClock, settle

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from exmc.actors.kernel.kernel import Kernel

OPEN_FILES: Final = Path("/dev/fd")
"""Where Linux and macOS list the descriptors of the process that looks."""


@asynccontextmanager
async def no_leaks() -> AsyncGenerator[None, None]:
    """Check that the block leaves no task running and no descriptor open.

    Descriptors are counted only where the system lists them, as Linux does.

    Raises:
        AssertionError: The block left a task or a descriptor behind.
    """
    tasks, descriptors = asyncio.all_tasks(), open_descriptors()
    yield
    await settle(lambda: 0)
    left = [task for task in asyncio.all_tasks() - tasks if not task.done()]
    if left:
        raise AssertionError(f"Tasks were left behind: {left}.")
    opened = open_descriptors().items() - descriptors.items()
    if opened:
        raise AssertionError(f"Descriptors were left open: {dict(opened)}.")


def open_descriptors() -> dict[int, str]:
    """Return each open descriptor and what it is open on; nothing if unlisted."""
    found: dict[int, str] = {}
    if not OPEN_FILES.is_dir():
        return found
    for entry in OPEN_FILES.iterdir():
        try:
            found[int(entry.name)] = str(entry.readlink())
        except OSError:
            continue  # the descriptor that listed the folder is closed again
    return found


def nothing_left(kernel: Kernel) -> None:
    """Check that a runtime which was left has left nothing: call it after the block.

    Raises:
        AssertionError: A process, a name, a carrier task or a virtual timer is left.
    """
    left = {
        "processes": [pid for pid in kernel.table if pid.number > 0],
        "names": list(kernel.names.names()),
        "carriers": list(kernel.run_queue.carriers),
        "timers": pending_timers(kernel),
    }
    found = {kind: things for kind, things in left.items() if things}
    if found:
        raise AssertionError(f"The runtime has left behind: {found}.")


def pending_timers(kernel: Kernel) -> list[float]:
    """Return when each timer is due that still runs on a virtual clock."""
    clock = kernel.clock
    return list(clock.pending()) if isinstance(clock, VirtualClock) else []
