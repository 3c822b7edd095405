"""Waiting for many processes to end, with one thing to wait for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exmc.actors.clock import wake

if TYPE_CHECKING:
    import asyncio

    from exmc.actors.exit_reason import Reason
    from exmc.actors.pid import Pid


class Departure:
    """Tells one end to those who wait for many."""

    __slots__ = ("_departures", "_pid")

    def __init__(self, departures: Departures, pid: Pid) -> None:
        self._departures = departures
        self._pid = pid

    def down(self, reason: Reason) -> None:
        """Pass it on."""
        self._departures.note(self._pid, reason)


class Departures:
    """Knows how each of many processes ended.

    Args:
        loop: Where they run.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._expected: dict[Pid, Departure] = {}
        self._reasons: dict[Pid, Reason] = {}
        self._waiting: asyncio.Future[None] | None = None

    def expect(self, pid: Pid) -> None:
        """Watch a living process."""
        if pid.target is not None:
            watcher = self._expected[pid] = Departure(self, pid)
            pid.target.add_watcher(watcher)

    def note(self, pid: Pid, reason: Reason) -> None:
        """Take note of an end."""
        self._reasons[pid] = reason
        self._expected.pop(pid, None)
        if not self._expected and self._waiting is not None:
            wake(self._waiting)

    async def reasons(self) -> dict[Pid, Reason]:
        """Wait for the end of all who are expected, and return how each ended."""
        if self._expected:
            self._waiting = self._loop.create_future()
            await self._waiting
        return self._reasons

    def close(self) -> None:
        """Watch nobody any longer."""
        for pid, watcher in self._expected.items():
            if pid.target is not None:
                pid.target.drop_watcher(watcher)
        self._expected.clear()
