"""Supervisors at scale: CPU seconds to start, crash and restart, and stop n children.

A row is one supervisor; "x linear" is the cost of one child beside its cost among the
fewest, so a supervisor that is linear shows about 1. Arguments: numbers of children.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import sys
import time
from collections.abc import Awaitable, Callable

from harness.table import columns, heading, row

from exmc.actors import (
    ChildSpec,
    DynamicSupervisor,
    GenServer,
    Pid,
    Runtime,
    Supervisor,
    count_children,
    new_event_loop,
    send_exit,
    start_child,
    stop,
    which_children,
)

SIZES = (1_000, 10_000, 100_000)
MANY = 1 << 60


class Idle(GenServer):
    """A child that does nothing."""


class Trapping(GenServer):
    """The same; to stop it its terminate must run."""

    trap_exit = True


async def static(rt: Runtime, kind: type[GenServer], number: int) -> Pid:
    """Start a Supervisor with so many children."""
    specs = [ChildSpec(n, kind) for n in range(number)]
    return await rt.start(Supervisor(max_restarts=MANY), specs)


async def dynamic(rt: Runtime, kind: type[GenServer], number: int) -> Pid:
    """Start a DynamicSupervisor, and its children one by one."""
    supervisor = await rt.start(DynamicSupervisor(max_restarts=MANY))
    spec = ChildSpec("idle", kind)
    for _ in range(number):
        await start_child(supervisor, spec)
    return supervisor


async def crash_all(supervisor: Pid) -> None:
    """Kill every child at once; return when all of them run again."""
    children = await which_children(supervisor)
    for child in children:
        if isinstance(child.pid, Pid):
            send_exit(child.pid, "kill")
    assert (await count_children(supervisor)).active == len(children)


async def cpu(what: Awaitable[object]) -> float:
    """CPU seconds of this process while it awaits something."""
    gc.collect()
    before = time.process_time()
    await what
    return time.process_time() - before


Making = Callable[[Runtime, type[GenServer], int], Awaitable[Pid]]


async def measured(make: Making, kind: type[GenServer], number: int) -> list[float]:
    """CPU seconds to start, to crash and restart, and to stop so many children."""
    async with Runtime() as rt:
        begun: list[Pid] = []

        async def begin() -> None:
            begun.append(await make(rt, kind, number))

        started = await cpu(begin())
        [supervisor] = begun
        restarted = await cpu(crash_all(supervisor))
        return [started, restarted, await cpu(stop(supervisor))]


def main() -> None:
    """Print one row for each supervisor, kind of child and number of children."""
    logging.disable()
    sizes = tuple(map(int, sys.argv[1:])) or SIZES
    heading("Supervisors at scale: CPU seconds (x linear)")
    columns(["supervisor", "children", "number", "start", "crash+restart", "stop"])
    for make in (static, dynamic):
        for kind in (Idle, Trapping):
            least: list[float] = []
            for number in sizes:
                with asyncio.Runner(loop_factory=new_event_loop) as runner:
                    seconds = runner.run(measured(make, kind, number))
                each = [s / number for s in seconds]
                least = least or each
                cells = [
                    f"{s:.3g} ({one / first:.1f})"
                    for s, one, first in zip(seconds, each, least, strict=True)
                ]
                row([make.__name__, kind.__name__, number, *cells])


if __name__ == "__main__":
    main()
