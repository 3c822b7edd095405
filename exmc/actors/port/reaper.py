"""Burying operating-system processes that were killed, without waiting for them.

A process that was sent SIGKILL dies soon, but not at once: its memory has to be given
back first. A thread waits for it, so that the event loop need not.
"""

from __future__ import annotations

import threading
from collections import deque
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from exmc.actors.port.os_process import OsProcess

MOMENT: Final = 0.02
"""Seconds that a small process may take to die, mostly one in fifty of them. A larger
one is left to the thread, and so are all others until it is dead."""


class Reaper:
    """Reaps what it is given, in a thread that exists only while there is something."""

    def __init__(self) -> None:
        self._dying: deque[OsProcess] = deque()
        self._change = threading.Lock()
        self._thread: threading.Thread | None = None

    def take(self, process: OsProcess) -> None:
        """Kill a process and reap it: now if it dies in a moment, else when it does."""
        process.kill()
        if self._thread is None and process.wait(MOMENT) is not None:
            return
        with self._change:
            self._dying.append(process)
            if self._thread is None:
                self._thread = threading.Thread(
                    target=self._run, name="exmc.actors reaper", daemon=True
                )
                self._thread.start()

    def join(self) -> None:
        """Wait until everything taken so far is reaped."""
        thread = self._thread
        if thread is not None:
            thread.join()

    def _run(self) -> None:
        while (process := self._next()) is not None:
            process.wait()

    def _next(self) -> OsProcess | None:
        with self._change:
            if not self._dying:
                self._thread = None
                return None
            return self._dying.popleft()


REAPER = Reaper()
