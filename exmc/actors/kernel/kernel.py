"""What all processes of one runtime share."""

from __future__ import annotations

import contextvars
import itertools
from typing import TYPE_CHECKING

from exmc.actors.kernel.carrier import RunQueue
from exmc.actors.kernel.names import Registry
from exmc.actors.kernel.reports import Reports
from exmc.actors.kernel.trampoline import Trampoline
from exmc.actors.pid import Pid

if TYPE_CHECKING:
    import asyncio

    from exmc.actors.clock import Clock


class Kernel:
    """The process table, the names, the run queue and the counters.

    Attributes:
        loop: The event loop.
        clock: The only clock that anything here reads.
        table: Every living process.
        names: The name registry.
        run_queue: Processes with messages to handle.
        reports: What went wrong.
        deaths: Ends processes one after another, however long the chain of links.
        resting: A context in which no process runs.
        activity: Grows with every step of every process.
        dead_letters: Messages that no process has received.
        abandoned: Coroutines that would not end when their process was killed.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, clock: Clock) -> None:
        self.loop = loop
        self.clock = clock
        self.resting = contextvars.Context()
        self.table: set[Pid] = set()
        self.names = Registry()
        self.run_queue = RunQueue(loop, self.resting)
        self.reports = Reports()
        self.deaths = Trampoline()
        self.activity = 0
        self.dead_letters = 0
        self.abandoned: list[object] = []
        self._numbers = itertools.count()

    def new_pid(self) -> Pid:
        """Return a pid that nobody has had before, and enter it in the table."""
        pid = Pid(next(self._numbers))
        self.table.add(pid)
        return pid
