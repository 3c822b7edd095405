"""Messages in a stream of bytes: Erlang's `{packet, N}`, or the bare stream."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

Packet: TypeAlias = Literal["raw", 1, 2, 4]
"""How messages are told apart: not at all, or each by its length before it, a
big-endian number of so many bytes."""

PACKETS: Final = ("raw", 1, 2, 4)


def header(packet: Packet, length: int) -> bytes:
    """Return what goes before a message of so many bytes.

    Raises:
        ValueError: The length does not fit.
    """
    if packet == "raw":
        return b""
    if length >= 1 << 8 * packet:
        raise ValueError(
            f"A message of {length} bytes does not fit packet={packet}, which carries "
            f"{(1 << 8 * packet) - 1} at most; use packet=4, or cut the message."
        )
    return length.to_bytes(packet, "big")


class PacketReader:
    """Gives whole messages out of pieces of the stream.

    Args:
        packet: How messages are told apart.
        largest: Bytes that a message may have.

    Attributes:
        too_long: The length announced for a message that is longer, after which
            nothing can be read any more; None so far.
    """

    def __init__(self, packet: Packet, largest: int) -> None:
        self.too_long: int | None = None
        self._packet = packet
        self._largest = largest
        self._unread = bytearray()

    def feed(self, data: bytes) -> list[bytes]:
        """Take the next piece; return the messages that are complete now."""
        if self._packet == "raw":
            return [data] if data else []
        if self.too_long is not None:
            return []
        self._unread += data
        start, found = 0, []
        with memoryview(self._unread) as unread:
            while (length := self._next_length(unread[start:], self._packet)) >= 0:
                body = start + self._packet
                start = body + length
                found.append(bytes(unread[body:start]))
        del self._unread[:start]
        return found

    def _next_length(self, unread: memoryview, size: int) -> int:
        """The length of the next message, or -1 if not all of it is there."""
        if len(unread) < size:
            return -1
        length = int.from_bytes(unread[:size], "big")
        if length > self._largest:
            self.too_long = length
            return -1
        return length if len(unread) >= size + length else -1
