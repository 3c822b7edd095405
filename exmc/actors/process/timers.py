"""Messages to come later, on the runtime's clock."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exmc.actors.pid import Pid
from exmc.actors.process.here import find, here
from exmc.actors.process.signals import send

if TYPE_CHECKING:
    from exmc.actors.clock import Clock, TimerHandle
    from exmc.actors.exit_reason import Reason
    from exmc.actors.process.here import Address


class TimerRef:
    """A message that has not been sent yet; it vanishes with a receiver that dies."""

    __slots__ = ("_clock", "_due", "_handle", "_pid")

    def __init__(self, clock: Clock, due: float) -> None:
        self._clock = clock
        self._due = due
        self._handle: TimerHandle | None = None
        self._pid: Pid | None = None

    def arm(self, handle: TimerHandle, receiver: Pid) -> None:
        """Take charge of a running timer."""
        self._handle = handle
        self._pid = receiver
        if receiver.target is not None:
            receiver.target.add_watcher(self)

    def disarm(self) -> float | None:
        """Stop the timer; return the seconds left, or None if it is over already."""
        if self._handle is None:
            return None
        self._handle.cancel()
        self._handle = None
        if self._pid is not None and self._pid.target is not None:
            self._pid.target.drop_watcher(self)
        return max(0.0, self._due - self._clock.now())

    def down(self, reason: Reason) -> None:  # noqa: ARG002 (any end will do)
        """Stop: the receiver has ended."""
        self.disarm()


def send_after(seconds: float, address: Address, message: object) -> TimerRef:
    """Send a message after some seconds; a name is looked up when they are over.

    For a process that is dead already there is no timer; it is over at once.
    """
    me = here()
    kernel = me.kernel
    timer = TimerRef(kernel.clock, kernel.clock.now() + seconds)

    def fire() -> None:
        timer.disarm()
        pid = find(kernel, address)
        if pid is not None:
            send(pid, message)

    # A timer to a name lasts as long as the runtime, whose root is the eldest.
    receiver = address if isinstance(address, Pid) else me.lineage[-1]
    if not receiver.alive:
        return timer
    timer.arm(kernel.clock.call_later(seconds, fire), receiver)
    return timer


def cancel_timer(timer: TimerRef) -> float | None:
    """Stop a timer; return the seconds left, or None if it was over already."""
    return timer.disarm()
