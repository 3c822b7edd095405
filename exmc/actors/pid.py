"""What a process is known by.

A pid is a name, never the process: it may be kept for ever, compared and used as
a key, and it holds nothing once the process is dead. (A million processes are
cheaper when the record of each is its own pid, so the kernel's records are.)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable

    from exmc.actors.exit_reason import Reason

Shutdown: TypeAlias = float | Literal["brutal_kill", "infinity"]
"""Seconds between the signals "shutdown" and "kill"; or "kill" at once; or no limit."""


class Watcher(Protocol):
    """Something that is told once when a process ends."""

    def down(self, reason: Reason) -> None:
        """Take note that the watched process ended with `reason`."""
        ...


class Target(Protocol):
    """What others may know of a living process, and do to it."""

    @property
    def pid(self) -> Pid:
        """Its identity."""
        ...

    @property
    def parent(self) -> Pid | None:
        """Who started it with a link."""
        ...

    @property
    def shutdown(self) -> Shutdown:
        """How its behaviour wants to be stopped."""
        ...

    @property
    def post(self) -> Callable[[object], None] | None:
        """Appends to its mailbox where that is all there is to do; else None."""
        ...

    def deliver(self, message: object) -> None:
        """Put a message at the back of its mailbox."""
        ...

    def exit(self, sender: Pid, reason: Reason, *, linked: bool) -> None:
        """Receive an exit signal, sent by hand or along a link."""
        ...

    def add_link(self, pid: Pid) -> None:
        """Note one end of a link."""
        ...

    def drop_link(self, pid: Pid) -> None:
        """Forget one end of a link."""
        ...

    def add_watcher(self, watcher: Watcher) -> None:
        """Promise to tell `watcher` when the process ends."""
        ...

    def drop_watcher(self, watcher: Watcher) -> None:
        """Take the promise back."""
        ...


class Pid:
    """The identity of one process, alive or dead.

    Attributes:
        number: Counts the processes of one runtime from 0.
        target: The living process behind it; None once it is dead.
    """

    __slots__ = ("number", "target")

    def __init__(self, number: int, target: Target | None = None) -> None:
        self.number = number
        self.target = target

    @property
    def alive(self) -> bool:
        """Whether the process has not ended yet."""
        return self.target is not None

    def send(self, message: object) -> None:
        """Put a message into the process's mailbox; a dead one receives nothing.

        The same as the function `send`, for a pid at hand.
        """
        if self.target is not None:
            self.target.deliver(message)

    def __repr__(self) -> str:
        return f"<0.{self.number}>"
