"""File descriptors that an event loop watches, and the one way to let go of them.

A loop must forget a descriptor before it is closed (uvloop ends the whole process
otherwise), so removal and closing live in one function.
"""

from __future__ import annotations

import asyncio
import socket
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable


NO_SIGNAL: Final = getattr(socket, "MSG_NOSIGNAL", 0)
"""A program may have given SIGPIPE its deadly meaning back; macOS has no such flag."""


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

    The loop keeps it alive; a process that may be killed closes it `on_exit`.

    Args:
        owned: The watch closes it.
        readable: Called on the loop's thread, with no arguments.
        paused: Wait for `resume` to begin.
    """

    def __init__(
        self, owned: Closable, readable: Callable[[], None], *, paused: bool = False
    ) -> None:
        self._owned = owned
        self._readable = readable
        self._loop = asyncio.get_running_loop()
        self._watching = False
        if not paused:
            self.resume()

    def pause(self) -> None:
        """Stop calling back; the descriptor stays open."""
        if self._watching:
            self._loop.remove_reader(self._owned.fileno())
            self._watching = False

    def resume(self) -> None:
        """Call back again, unless it is closed."""
        if not self._watching and self._owned.fileno() >= 0:
            self._watching = True
            self._loop.add_reader(self._owned.fileno(), self._readable)

    def close(self) -> None:
        """Stop watching, then close."""
        self.pause()
        self._owned.close()


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
            rest = rest[sock.send(rest, NO_SIGNAL) :]
        except BlockingIOError:
            room = asyncio.Event()
            loop.add_writer(sock.fileno(), room.set)
            try:
                await room.wait()
            finally:
                loop.remove_writer(sock.fileno())
