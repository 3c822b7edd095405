"""What all processes of one runtime share."""

from __future__ import annotations

import contextvars
import itertools
from typing import TYPE_CHECKING, Any

from exmc.actors.kernel.carrier import RunQueue
from exmc.actors.kernel.mailbox import Answerable, Mailboxes
from exmc.actors.kernel.names import Names
from exmc.actors.kernel.reports import Reports
from exmc.actors.kernel.trampoline import Trampoline

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

    from exmc.actors.clock import Clock
    from exmc.actors.exit_reason import Reason
    from exmc.actors.kernel.carrier import Line, Runnable
    from exmc.actors.kernel.mailbox import Mailbox
    from exmc.actors.pid import Pid


class Kernel:
    """The process table, the names, the run queue and the counters.

    Attributes:
        loop: The event loop.
        clock: The only clock that anything here reads.
        table: Every living process.
        names: The name registry.
        mailboxes: Mailboxes for those that have messages.
        run_queue: Processes with messages to handle.
        reports: What went wrong.
        deaths: Ends processes one after another, however long the chain of links.
        resting: A context in which no process runs.
        dead_letters: Messages that no process has received.
        abandoned: Coroutines that would not end when their process was killed.
    """

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        clock: Clock,
        take_turn: Callable[[Any, int], int],
        ready: Line | None = None,
    ) -> None:
        self.loop = loop
        self.clock = clock
        self.resting = contextvars.Context()
        self.table: set[Pid] = set()
        self.names = Names()
        self.mailboxes = Mailboxes()
        self.run_queue = RunQueue(loop, self.resting, take_turn, ready)
        self.reports = Reports()
        self.deaths = Trampoline()
        self.dead_letters = 0
        self.abandoned: list[object] = []
        self._numbers = itertools.count()

    @property
    def activity(self) -> int:
        """Grows with every step of every process."""
        return self.run_queue.activity

    @property
    def on_stage(self) -> Runnable | None:
        """The process whose code is running now, or None."""
        return self.run_queue.on_stage

    def lose(self, mailbox: Mailbox[object], reason: Reason) -> None:
        """Tell those who wait for an answer that their message has no reader."""
        self.dead_letters += len(mailbox)
        for message in mailbox:
            if isinstance(message, Answerable):
                message.down(reason)
        self.mailboxes.take_back(mailbox)

    def enter(self, process: Pid) -> int:
        """Put a process into the table; return a number that nobody has had before."""
        self.table.add(process)
        return next(self._numbers)
