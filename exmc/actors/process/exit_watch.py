"""Waiting for a process to end, without a message."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exmc.actors.clock import wake
from exmc.actors.exit_reason import NOPROC
from exmc.actors.process.here import here, locate

if TYPE_CHECKING:
    import asyncio

    from exmc.actors.exit_reason import Reason
    from exmc.actors.pid import Pid
    from exmc.actors.process.here import Address


class ExitWatch:
    """Knows how a process ended, from the moment the watch is set.

    Args:
        pid: The process; the end of a dead one is "noproc".
    """

    __slots__ = ("_kernel", "_pid", "_reason", "_waiting")

    def __init__(self, pid: Pid | None) -> None:
        self._kernel = here().kernel
        self._pid = pid
        self._reason: Reason | None = None
        self._waiting: asyncio.Future[None] | None = None
        if pid is None or pid.target is None:
            self._reason = NOPROC
        else:
            pid.target.add_watcher(self)

    def down(self, reason: Reason) -> None:
        """Take note of the end."""
        self._reason = reason
        if self._waiting is not None:
            wake(self._waiting)

    async def reason(self, seconds: float | None) -> Reason:
        """Wait for the end and return its reason; may be asked again.

        Raises:
            TimeoutError: The process is still alive after so many seconds.
        """
        if self._reason is None:
            await self._end_or(seconds)
        if self._reason is None:
            raise TimeoutError(f"Process {self._pid} has not ended within {seconds} s.")
        return self._reason

    def close(self) -> None:
        """Watch no longer."""
        if self._pid is not None and self._pid.target is not None:
            self._pid.target.drop_watcher(self)

    async def _end_or(self, seconds: float | None) -> None:
        self._waiting = self._kernel.loop.create_future()
        timer = None
        if seconds is not None:
            timer = self._kernel.clock.call_later(seconds, wake, self._waiting)
        try:
            await self._waiting
        finally:
            self._waiting = None
            if timer is not None:
                timer.cancel()


async def wait_for_exit(address: Address, *, timeout: float | None = None) -> Reason:  # noqa: ASYNC109 (OTP's name, the runtime's clock)
    """Wait until a process has ended and return why; "noproc" if it is dead already.

    Raises:
        TimeoutError: It is still alive after `timeout` seconds.
    """
    watch = ExitWatch(locate(address))
    try:
        return await watch.reason(timeout)
    finally:
        watch.close()
