"""Learning of the death of a child process, by the best means that the system has.

The end of its stream says nothing: a child of its own may keep that open. Linux has
pidfds, macOS and the BSDs have kqueue; elsewhere it is looked for, on the clock.
"""

from __future__ import annotations

import asyncio
import select
from typing import TYPE_CHECKING, Any, Final, Protocol

from exmc.actors.port.descriptor_watch import Watch

if TYPE_CHECKING:
    from collections.abc import Callable

    from exmc.actors.clock import Clock, TimerHandle
    from exmc.actors.port.descriptor import Descriptor
    from exmc.actors.port.os_process import OsProcess

SHORTEST_LOOK: Final = 0.001
LONGEST_LOOK: Final = 0.05
"""Seconds between two looks of a watch that polls: twice as long each time."""


class ProcessExitWatch(Protocol):
    """Calls back once, on the loop, when a process is dead; it does not reap it."""

    def close(self) -> None:
        """Watch no longer. Idempotent."""
        ...


def watch_exit(
    process: OsProcess, died: Callable[[], None], clock: Clock
) -> ProcessExitWatch:
    """Watch a process by the best means there is.

    Args:
        process: The child.
        died: Called once, with no arguments.
        clock: For looking, where there is no better means.
    """
    if process.pidfd is not None:
        return PidfdWatch(process.pidfd, died)
    if hasattr(select, "kqueue"):
        return KqueueWatch(process.os_pid, died)
    return PollingWatch(process, died, clock)


class PidfdWatch:
    """Watches a pidfd, which becomes readable; whose it is, closes it."""

    def __init__(self, pidfd: Descriptor, died: Callable[[], None]) -> None:
        self._died = died
        self._watch = Watch(pidfd, self._readable)

    def close(self) -> None:
        """Watch no longer."""
        self._watch.pause()

    def _readable(self) -> None:
        self.close()
        self._died()


class KqueueWatch:
    """Watches a pid through a kqueue of its own."""

    def __init__(self, os_pid: int, died: Callable[[], None]) -> None:
        self._died = died
        # The module has these on the systems that have kqueue.
        system: Any = select
        self._queue = system.kqueue()
        self._watch = Watch(self._queue, self._readable)
        exits = system.kevent(
            os_pid,
            filter=system.KQ_FILTER_PROC,
            flags=system.KQ_EV_ADD | system.KQ_EV_ONESHOT,
            fflags=system.KQ_NOTE_EXIT,
        )
        try:
            self._queue.control([exits], 0)
        except ProcessLookupError:
            # It was dead before it could be watched.
            asyncio.get_running_loop().call_soon(self._ended)

    def close(self) -> None:
        """Watch no longer, and give the kqueue back."""
        self._watch.close()
        self._died = nothing

    def _readable(self) -> None:
        if self._queue.control(None, 1, 0):
            self._ended()

    def _ended(self) -> None:
        died = self._died
        self.close()
        died()


class PollingWatch:
    """Looks for a process now and then."""

    def __init__(
        self, process: OsProcess, died: Callable[[], None], clock: Clock
    ) -> None:
        self._process = process
        self._died = died
        self._clock = clock
        self._wait = SHORTEST_LOOK
        self._timer: TimerHandle = clock.call_later(0.0, self._look)

    def close(self) -> None:
        """Watch no longer."""
        self._timer.cancel()

    def _look(self) -> None:
        if self._process.alive():
            self._wait = min(2 * self._wait, LONGEST_LOOK)
            self._timer = self._clock.call_later(self._wait, self._look)
        else:
            self._died()


def nothing() -> None:
    """Do nothing: nobody is interested any more."""
