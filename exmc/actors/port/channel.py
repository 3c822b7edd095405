"""The port's end of the stream: reading as it comes, writing as there is room.

It calls back on the loop and never waits, so what is underway in one direction can
never hold up the other.
"""

from __future__ import annotations

import array
import fcntl
import socket
import termios
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from exmc.actors.port.descriptor_watch import NO_SIGNAL, Watch

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

CHUNK: Final = 1 << 18
"""Bytes read at once."""


class Channel:
    """A stream socket on an event loop; it reads from the first `resume` on.

    Args:
        loop: The loop.
        sock: The channel owns it.
        heard: Called with each piece that arrives.

    Attributes:
        received, sent: Bytes so far.
        unsent: Bytes that wait for room.
    """

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        sock: socket.socket,
        heard: Callable[[bytes], None],
    ) -> None:
        self.received = self.sent = self.unsent = 0
        self._loop = loop
        self._sock = sock
        self._heard = heard
        self._outgoing: deque[tuple[memoryview, Callable[[bool], None]]] = deque()
        self._writing = False
        self._writable = True
        self._ending = False
        sock.setblocking(False)  # noqa: FBT003 (socket has it so)
        self._watch = Watch(sock, self._readable, paused=True)

    def pause(self) -> None:
        """Read no more until `resume`; the other side then waits to be heard."""
        self._watch.pause()

    def resume(self) -> None:
        """Read again."""
        self._watch.resume()

    def write(self, data: bytes, done: Callable[[bool], None]) -> None:
        """Send after all that was written before.

        Args:
            data: The bytes.
            done: Called with True once the system has taken all of them, or with
                False when nobody will ever read them.
        """
        if not self._writable or self._ending:
            done(False)  # noqa: FBT003 (a callback's one argument)
            return
        self._outgoing.append((memoryview(data), done))
        self.unsent += len(data)
        if not self._writing:
            self._flush()

    def end(self) -> None:
        """End the stream after what is written already; go on reading."""
        self._ending = True
        if not self._writing:
            self._flush()

    def drain(self) -> None:
        """Hear what is there now, and what others may add meanwhile no more."""
        left = self.unread()
        while left > 0:
            data = self._receive(min(left, CHUNK))
            if not data:
                return
            left -= len(data)
            self._heard(data)

    def unread(self) -> int:
        """Return how many bytes are there, and were not heard yet."""
        size = array.array("i", [0])
        try:
            fcntl.ioctl(self._sock.fileno(), termios.FIONREAD, size)
        except OSError:
            return 0
        return size[0]

    def close(self) -> None:
        """Let the loop forget the socket, then close it. Idempotent."""
        self._give_up()
        self._watch.close()

    def _readable(self) -> None:
        data = self._receive(CHUNK)
        if data:
            self._heard(data)
        elif data is not None:
            self.pause()

    def _receive(self, size: int) -> bytes | None:
        """Return what is there, nothing at the end of the stream, None for not now."""
        try:
            data = self._sock.recv(size)
        except BlockingIOError:
            return None
        except OSError:
            return b""
        self.received += len(data)
        return data

    def _flush(self) -> None:
        while self._outgoing and self._writable:
            data, done = self._outgoing[0]
            try:
                count = self._sock.send(data, NO_SIGNAL)
            except BlockingIOError:
                self._await_room()
                return
            except OSError:
                self._give_up()
                return
            self.sent += count
            self.unsent -= count
            if count == len(data):
                self._outgoing.popleft()
                done(True)  # noqa: FBT003 (a callback's one argument)
            else:
                self._outgoing[0] = (data[count:], done)
        self._stop_writing()
        if self._ending:
            self._shut()

    def _await_room(self) -> None:
        if not self._writing:
            self._writing = True
            self._loop.add_writer(self._sock.fileno(), self._flush)

    def _stop_writing(self) -> None:
        if self._writing:
            self._writing = False
            self._loop.remove_writer(self._sock.fileno())

    def _shut(self) -> None:
        self._writable = False
        with suppress(OSError):
            self._sock.shutdown(socket.SHUT_WR)

    def _give_up(self) -> None:
        """Write no more: nobody will read it."""
        self._stop_writing()
        self._writable = False
        self.unsent = 0
        unsent, self._outgoing = self._outgoing, deque()
        for _, done in unsent:
            done(False)  # noqa: FBT003 (a callback's one argument)
