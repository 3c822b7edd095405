"""A worker's end of its socket: whole frames in, whole frames out."""

from __future__ import annotations

import os
import socket
from contextlib import suppress
from typing import TYPE_CHECKING

from exmc.frames import Frame, FrameReader, encode

if TYPE_CHECKING:
    from collections.abc import Iterator

_CHUNK = 1 << 18


class ParentGoneError(Exception):
    """The process that asked for this work is no longer there: nobody to tell."""


class WorkerSocket:
    """Sends and receives frames; blocking, but for `arrived`.

    Attributes:
        descriptor: A file descriptor that came with what `receive` received; whoever
            takes it closes it. None if none came.
    """

    def __init__(self, sock: socket.socket) -> None:
        self.descriptor: int | None = None
        self._sock = sock
        self._reader = FrameReader()
        self._waiting: list[Frame] = []

    def send(self, frame: Frame) -> None:
        """Send a frame; wait while the socket's buffer is full.

        Raises:
            ParentGoneError: The other end is closed.
        """
        try:
            self._sock.sendall(encode(frame))
        except OSError as error:
            raise ParentGoneError from error

    def receive(self) -> Frame:
        """Wait for the next frame."""
        while not self._waiting:
            self._read_with_descriptor()
        return self._waiting.pop(0)

    def arrived(self) -> Iterator[Frame]:
        """Give the frames that are there, without waiting."""
        with suppress(BlockingIOError):
            self._read(socket.MSG_DONTWAIT)
        while self._waiting:
            yield self._waiting.pop(0)

    def _read(self, flags: int) -> None:
        try:
            data = self._sock.recv(_CHUNK, flags)
        except ConnectionError as error:
            raise ParentGoneError from error
        self._take(data)

    def _read_with_descriptor(self) -> None:
        try:
            data, descriptors, _, _ = socket.recv_fds(self._sock, _CHUNK, 1)
        except ConnectionError as error:
            raise ParentGoneError from error
        for descriptor in descriptors:
            os.set_inheritable(descriptor, False)  # noqa: FBT003 - os has it so
            self.descriptor = descriptor
        self._take(data)

    def _take(self, data: bytes) -> None:
        if not data:
            raise ParentGoneError
        self._waiting += self._reader.feed(data)
