"""What all processes of one runtime share."""

from __future__ import annotations

import contextvars
import itertools
import threading
from collections import deque
from typing import TYPE_CHECKING, Any, Final

from exmc.actors.errors import NoRuntimeError
from exmc.actors.events import MAILBOX_HIGH
from exmc.actors.kernel.carrier import RunQueue
from exmc.actors.kernel.mailbox import Answerable
from exmc.actors.kernel.names import Names
from exmc.actors.kernel.reports import Reports
from exmc.actors.kernel.trampoline import Trampoline
from exmc.actors.telemetry import execute

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

    from exmc.actors.clock import Clock
    from exmc.actors.exit_reason import Reason
    from exmc.actors.kernel.carrier import Line, Runnable
    from exmc.actors.kernel.mailbox import Mailbox
    from exmc.actors.kernel.tied import Tied
    from exmc.actors.pid import Pid

HIGH: Final = 10_000
"""Messages in a mailbox from which on its reader does not keep up."""

CROWD: Final = 1 << 17
"""Processes from which on memory is worth more than time."""

SPARE: Final = 1 << 12
"""Mailboxes that wait to be used again."""


class Kernel:
    """The process table, the names, the run queue and the counters.

    Attributes:
        loop: The event loop.
        thread: The thread of the loop, by its ident.
        clock: The only clock that anything here reads.
        table: Every living process.
        names: The name registry.
        spare_mailboxes: Those of the dead, and of idle processes in a crowd.
        crowded: There are so many processes that one keeps nothing while it is idle
            that it can have again when a message comes.
        flooded: Processes whose mailbox was reported as high.
        run_queue: Processes with messages to handle.
        reports: What went wrong.
        deaths: Ends processes one after another, however long the chain of links.
        resting: A context in which no process runs.
        dead_letters: Messages that no process has received.
        closed: The runtime is being left, and nothing more is started.
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
        self.thread = threading.get_ident()
        self.clock = clock
        self.resting = contextvars.Context()
        self.table: set[Pid] = set()
        self.names = Names()
        self.spare_mailboxes: deque[Mailbox[object]] = deque(maxlen=SPARE)
        self.crowded = False
        self.flooded: set[Pid] = set()
        self.run_queue = RunQueue(loop, self.resting, take_turn, ready)
        self.reports = Reports()
        self.deaths = Trampoline()
        self.dead_letters = 0
        self.closed = False
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

    def measure_mailbox(self, process: Tied, kind: str, length: int) -> None:
        """Tell telemetry of a mailbox that has passed HIGH; again after HIGH / 2."""
        if length < HIGH // 2:
            self.flooded.discard(process)
        elif length >= HIGH and process not in self.flooded:
            self.flooded.add(process)
            known = {"pid": process, "kind": kind, "name": process.name}
            execute(MAILBOX_HIGH, {"length": length}, known)

    def leave(self, process: Tied) -> None:
        """Take a process out of the table and the names."""
        self.table.discard(process)
        self.crowded = len(self.table) > CROWD
        self.flooded.discard(process)
        if process.name is not None:
            self.names.release(process.name, process)

    def lose(self, mailbox: Mailbox[object], reason: Reason) -> None:
        """Tell those who wait for an answer that their message has no reader."""
        self.dead_letters += len(mailbox)
        for message in mailbox:
            if isinstance(message, Answerable):
                message.down(reason)
        mailbox.clear()
        self.spare_mailboxes.append(mailbox)

    def enter(self, process: Pid) -> int:
        """Put a process into the table; return a number that nobody has had before.

        Raises:
            NoRuntimeError: The runtime was left.
        """
        if self.closed:
            raise NoRuntimeError("The runtime was left; nothing can be started in it.")
        self.table.add(process)
        self.crowded = len(self.table) > CROWD
        return next(self._numbers)
