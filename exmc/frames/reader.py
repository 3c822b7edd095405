"""Bytes in, whole frames out; it waits for nothing and owns no socket."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exmc.errors import FrameError
from exmc.frames.frame import HEADER_SIZE, MAX_PAYLOAD, decode_header, with_payload

if TYPE_CHECKING:
    from exmc.frames.frame import Frame, Header

# Rule: how the stream was cut must never show. The frames before damage are
# delivered first, even when the damage arrived together with them; the error
# comes with the next call.


class FrameReader:
    """Collects bytes and gives the frames that are whole.

    Attributes:
        offset: Bytes of the stream that whole frames have taken: where a torn
            file may be cut.
    """

    def __init__(self, limit: int = MAX_PAYLOAD) -> None:
        self.offset = 0
        self._limit = limit
        self._buffer = bytearray()
        self._header: Header | None = None
        self._damage: FrameError | None = None

    def feed(self, data: bytes | bytearray | memoryview) -> list[Frame]:
        """Take the bytes that came next and return the frames they complete.

        Args:
            data: Any piece of the stream; nothing is kept of the object itself.

        Raises:
            FrameError: The stream is damaged or not ours. It cannot be read any
                further: every later call raises the same.
        """
        self._buffer += data
        frames: list[Frame] = []
        try:
            while (frame := self._next()) is not None:
                frames.append(frame)
        except FrameError as error:
            self._damage = error
            if not frames:
                raise
        return frames

    def close(self) -> None:
        """Say that the stream has ended.

        Raises:
            FrameError: It was damaged, or it ended inside a frame.
        """
        if self._damage is not None:
            raise self._damage
        rest = len(self._buffer) + (HEADER_SIZE if self._header is not None else 0)
        if rest:
            message = (
                f"Frame stream ended inside a frame: {rest} bytes are left after "
                f"byte {self.offset}."
            )
            raise FrameError(message)

    def _next(self) -> Frame | None:
        if self._damage is not None:
            raise self._damage
        if self._header is None:
            if len(self._buffer) < HEADER_SIZE:
                return None
            self._header = decode_header(self._take(HEADER_SIZE), self._limit)
        if len(self._buffer) < self._header.size:
            return None
        size = self._header.size
        frame = with_payload(self._header, self._take(size))
        self._header = None
        self.offset += HEADER_SIZE + size
        return frame

    def _take(self, size: int) -> bytes:
        taken = bytes(self._buffer[:size])
        del self._buffer[:size]
        return taken
