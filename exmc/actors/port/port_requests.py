"""What a port can be asked, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from exmc.actors.exit_reason import Reason
from exmc.actors.server.gen_server import Request


@dataclass(frozen=True, slots=True)
class PortInfo:
    """A port as it is now.

    Attributes:
        os_pid: The operating system's pid of its process.
        command: The program and its arguments.
        received, sent: Bytes from it and to it so far.
        unsent: Bytes for it that wait for room.
        undelivered: Messages from it that the owner has not asked for.
    """

    os_pid: int
    command: tuple[str, ...]
    received: int
    sent: int
    unsent: int
    undelivered: int


@dataclass(frozen=True, slots=True)
class Write(Request["Exception | None"]):
    """Send these bytes; the answer comes when the system has them."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Activate(Request[None]):
    """Send the owner so many messages more."""

    more: int


@dataclass(frozen=True, slots=True)
class Describe(Request[PortInfo]):
    """Tell about yourself."""


@dataclass(frozen=True, slots=True)
class Close(Request[Reason]):
    """End; the answer is how the operating-system process ended."""


PortRequest: TypeAlias = Write | Activate | Describe | Close
