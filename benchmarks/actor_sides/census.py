"""Memory of many processes, told on standard output by a Python process of its own.

`python -m actor_sides.census idle SIDE NUMBER` prints bytes for each; `million NUMBER`
prints CPU seconds to spawn so many and to call each, and megabytes at the peak.
"""

from __future__ import annotations

import gc
import importlib
import resource
import sys
from pathlib import Path

from actor_sides.exmc_side import Echo
from actor_sides.workload import Side, cpu

from exmc.actors import Runtime, call, spawn
from exmc.actors.event_loop import run


def resident() -> int:
    """Bytes of memory that this process has now."""
    pages = Path("/proc/self/statm").read_text().split()[1]
    return int(pages) * resource.getpagesize()


async def idle(side: Side, number: int) -> None:
    """Print the bytes of an idle process."""
    async with side.opened():
        # What is made once is there before the count begins.
        few = await side.idle(10)
        gc.collect()
        before = resident()
        many = await side.idle(number)
        gc.collect()
        print((resident() - before) / number)
        del few, many


async def million(number: int) -> None:
    """Print how long so many take to spawn and to call, and the memory at the peak."""
    async with Runtime():
        begun = cpu()
        pids = [spawn(Echo) for _ in range(number)]
        spawned = cpu()
        for n, pid in enumerate(pids):
            assert await call(pid, n) == n
        called = cpu()
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
        print(spawned - begun, called - spawned, peak)


def main() -> None:
    """Count what the command line asks for."""
    match sys.argv[1:]:
        case ["idle", name, number]:
            side = importlib.import_module(f"actor_sides.{name}_side").SIDE
            run(lambda: idle(side, int(number)))
        case ["million", number]:
            run(lambda: million(int(number)))
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main()
