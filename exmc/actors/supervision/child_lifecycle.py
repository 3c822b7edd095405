"""Stopping children, for certain: one after another, or all at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from exmc.actors.clock import Turn
from exmc.actors.exit_reason import KILL, KILLED, NOPROC, SHUTDOWN, is_orderly
from exmc.actors.messages import Exit
from exmc.actors.process.envelope import StopRequest
from exmc.actors.process.exit_watch import ExitWatch
from exmc.actors.process.here import here, self_pid
from exmc.actors.process.signals import send_exit
from exmc.actors.supervision.departures import Departures

if TYPE_CHECKING:
    from collections.abc import Iterable

    from exmc.actors.clock import TimerHandle
    from exmc.actors.exit_reason import Reason
    from exmc.actors.pid import Pid, Shutdown

BREATH: Final = 200
"""Children asked to end before the event loop has its turn: about 1 ms of them."""


async def stop_child(pid: Pid, shutdown: Shutdown) -> Reason:
    """Stop a child of the running process and return why it ended.

    The child is dead when this returns, whether it traps exits, has unlinked its
    parent, or ends by itself meanwhile. An Exit about it may stand in the mailbox.
    The child of another, or of nobody, is stopped in the same way.

    Args:
        pid: The child.
        shutdown: Seconds between "shutdown" and "kill", "brutal_kill" for "kill" at
            once, "infinity" to wait for as long as it takes.
    """
    return await Stopping().stop(pid, shutdown)


class Stopping:
    """Stops children of the running process; made anew in each of its handlers.

    While a handler runs no message leaves the mailbox, so that each is looked at
    once however many children had ended by themselves.
    """

    def __init__(self) -> None:
        self._me = here()
        self._obituaries: dict[Pid, Reason] = {}
        self._read = 0
        self._asked = 0

    async def stop(self, pid: Pid, shutdown: Shutdown) -> Reason:
        """Stop one child and return why it ended; see stop_child."""
        await self.breathe()
        if pid.target is None:
            return self._obituary(pid)
        watch = ExitWatch(pid)
        try:
            return await end_of(pid, watch, shutdown)
        finally:
            watch.close()

    async def stop_together(
        self, children: Iterable[tuple[Pid, Shutdown]]
    ) -> dict[Pid, Reason]:
        """Stop children at once, in the time of the slowest; return why they ended."""
        departures = Departures(self._me.kernel.loop)
        patience: dict[float, list[Pid]] = {}
        timers: list[TimerHandle] = []
        try:
            for pid, shutdown in children:
                await self.breathe()
                if pid.target is None:
                    departures.note(pid, self._obituary(pid))
                    continue
                departures.expect(pid)
                if isinstance(shutdown, int | float):
                    patience.setdefault(shutdown, []).append(pid)
                if shutdown == "brutal_kill":
                    send_exit(pid, KILL)
                else:
                    ask_to_end(pid)
            call_later = self._me.kernel.clock.call_later
            timers += [call_later(s, self._kill, pids) for s, pids in patience.items()]
            return await departures.reasons()
        finally:
            for timer in timers:
                timer.cancel()
            departures.close()

    async def breathe(self) -> None:
        """Let others run now and then; for a loop over many children."""
        self._asked += 1
        if self._asked % BREATH == 0:
            await Turn()

    def _kill(self, children: list[Pid]) -> None:
        for pid in children:
            if pid.target is not None:
                pid.target.exit(self._me.pid, KILL, linked=False)

    def _obituary(self, pid: Pid) -> Reason:
        """Return why a dead child ended; "noproc" if it has told nobody."""
        if pid not in self._obituaries:
            mailbox = self._me.mailbox
            unread = len(mailbox) - self._read
            self._read = len(mailbox)
            for message, _ in zip(reversed(mailbox), range(unread), strict=False):
                if isinstance(message, Exit):
                    self._obituaries.setdefault(message.pid, message.reason)
        return self._obituaries.get(pid, NOPROC)


def ask_to_end(pid: Pid) -> None:
    """Send the signal "shutdown"; who traps it and has another parent is told more.

    To a process that traps exits, the signal is an order from its parent only.
    """
    send_exit(pid, SHUTDOWN)
    if pid.target is not None and pid.target.parent is not self_pid():
        pid.target.deliver(StopRequest(SHUTDOWN))


async def end_of(pid: Pid, watch: ExitWatch, shutdown: Shutdown) -> Reason:
    """Ask a child to end, insist if need be, and return the reason it ends with."""
    if shutdown != "brutal_kill":
        ask_to_end(pid)
        try:
            return await watch.reason(None if shutdown == "infinity" else shutdown)
        except TimeoutError:
            pass
    send_exit(pid, KILL)
    return await watch.reason(None)


def is_expected(reason: Reason, shutdown: Shutdown) -> bool:
    """Tell whether a child that was stopped ended the way it was asked to."""
    if shutdown == "brutal_kill":
        return reason in (KILLED, NOPROC)
    return is_orderly(reason) or reason == NOPROC
