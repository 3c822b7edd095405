"""File descriptors that an event loop watches, and the one way to let go of them.

A loop must forget a descriptor before it is closed (uvloop ends the whole process
otherwise), so removal and closing live in one function.
"""

from __future__ import annotations

import asyncio
import weakref
from socket import MSG_NOSIGNAL
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable


class Closable(Protocol):
    """Something with a descriptor."""

    def fileno(self) -> int:
        """The descriptor."""
        ...

    def close(self) -> None:
        """Give it back."""
        ...


class Watch:
    """Calls back while a descriptor is readable, until it is closed.

    Args:
        owned: The watch closes it.
        readable: Called on the loop's thread, with no arguments.
    """

    def __init__(self, owned: Closable, readable: Callable[[], None]) -> None:
        self._owned = owned
        self._loop = asyncio.get_running_loop()
        self._watching = True
        close_when_forgotten(self, owned)
        self._loop.add_reader(owned.fileno(), readable)

    def pause(self) -> None:
        """Stop calling back; the descriptor stays open."""
        if self._watching:
            self._loop.remove_reader(self._owned.fileno())
            self._watching = False

    def close(self) -> None:
        """Stop watching, then close."""
        self.pause()
        self._owned.close()


def close_when_forgotten(owner: object, owned: Closable) -> None:
    """Close what a process owned that was killed, and so could not clean up."""
    # Not at the interpreter's exit: a loop may still be watching it then.
    weakref.finalize(owner, owned.close).atexit = False


def drained(sock: socket.socket) -> bytes:
    """Return everything that a non-blocking socket holds; errors end it."""
    parts = []
    while True:
        try:
            data = sock.recv(1 << 18)
        except OSError:
            break
        if not data:
            break
        parts.append(data)
    return b"".join(parts)


async def send_all(sock: socket.socket, data: bytes) -> None:
    """Send bytes on a non-blocking socket, waiting while its buffer is full.

    asyncio's own would raise SIGPIPE in a program that gave it its deadly meaning back.

    Raises:
        OSError: The other end is closed.
    """
    rest = memoryview(data)
    loop = asyncio.get_running_loop()
    while rest:
        try:
            rest = rest[sock.send(rest, MSG_NOSIGNAL) :]
        except BlockingIOError:
            room = asyncio.Event()
            loop.add_writer(sock.fileno(), room.set)
            try:
                await room.wait()
            finally:
                loop.remove_writer(sock.fileno())
