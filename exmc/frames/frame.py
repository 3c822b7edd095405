"""One frame: a header of 48 bytes, then the payload; all numbers little-endian.

offset  size  field
     0     4  magic, the bytes "EXMC"
     4     2  version
     6     1  kind
     7     1  phase
     8     4  chain
    12     4  epoch: how often the chain's worker was started before
    16     8  first: index of the first row within its phase
    24     4  count: rows; 0 unless the kind is DRAWS
    28     4  columns; 0 unless the kind is DRAWS
    32     8  payload size in bytes
    40     4  CRC-32 of the payload
    44     4  CRC-32 of the 44 bytes before it
    48        payload: float64 rows in C order for DRAWS, bytes for the others

The header has a CRC of its own so that a damaged size is found at once instead
of making the reader wait for bytes that never come.
"""

from __future__ import annotations

import struct
from enum import IntEnum
from typing import TYPE_CHECKING, Final, TypeVar
from zlib import crc32

import msgspec
import numpy as np
from msgspec.structs import replace

from exmc.errors import FrameError

if TYPE_CHECKING:
    from exmc.typing import Matrix

MAGIC: Final = b"EXMC"
VERSION: Final = 1
MAX_PAYLOAD: Final = 2**30
"""Bytes; a larger payload is refused by writer and reader alike."""

EnumT = TypeVar("EnumT", bound=IntEnum)

_FIELDS: Final = struct.Struct("<4sHBBIIQIIQI")
_SEAL: Final = struct.Struct("<I")
HEADER_SIZE: Final = _FIELDS.size + _SEAL.size


class Kind(IntEnum):
    """What a frame carries."""

    DRAWS = 1
    ASSIGN = 2
    CHECKPOINT = 3
    ADAPTED = 4
    FAILED = 5
    DONE = 6
    COMMAND = 7


class Phase(IntEnum):
    """Which numbering a draw belongs to; each phase counts from 0."""

    TUNE = 0
    DRAW = 1


class Frame(msgspec.Struct, frozen=True):
    """A block of draws, or a message; two frames are equal when their bytes are.

    Attributes:
        kind: DRAWS, or one of the messages.
        chain: The chain it belongs to.
        phase: The phase of its rows.
        epoch: How often the chain's worker was started before.
        first: Index of the first row within its phase.
        count: Rows; 0 for a message.
        columns: Columns; 0 for a message.
        payload: The bytes after the header.
    """

    kind: Kind
    chain: int = 0
    phase: Phase = Phase.TUNE
    epoch: int = 0
    first: int = 0
    count: int = 0
    columns: int = 0
    payload: bytes = b""

    @classmethod
    def draws(
        cls, rows: Matrix, *, chain: int, phase: Phase, first: int, epoch: int = 0
    ) -> Frame:
        """Build a frame of draws from rows of shape (count, columns)."""
        count, columns = rows.shape
        payload = np.ascontiguousarray(rows, dtype="<f8").tobytes()
        return cls(Kind.DRAWS, chain, phase, epoch, first, count, columns, payload)

    @property
    def rows(self) -> Matrix:
        """The draws, shape (count, columns): a read-only view of the payload."""
        flat = np.frombuffer(self.payload, dtype="<f8")
        return flat.reshape(self.count, self.columns)

    @property
    def stop(self) -> int:
        """Index after the last row."""
        return self.first + self.count


class Header(msgspec.Struct, frozen=True):
    """A decoded header: the frame without its payload, and what is to come."""

    frame: Frame
    size: int
    payload_crc: int


def encode(frame: Frame) -> bytes:
    """Return the frame as bytes. O(payload).

    Raises:
        FrameError: The payload is too large, or its size and shape disagree.
    """
    size = len(frame.payload)
    _check_size(frame, size, MAX_PAYLOAD)
    fields = _FIELDS.pack(
        MAGIC,
        VERSION,
        frame.kind,
        frame.phase,
        frame.chain,
        frame.epoch,
        frame.first,
        frame.count,
        frame.columns,
        size,
        crc32(frame.payload),
    )
    return b"".join((fields, _SEAL.pack(crc32(fields)), frame.payload))


def decode_header(data: bytes, limit: int = MAX_PAYLOAD) -> Header:
    """Read the first 48 bytes of a frame.

    Raises:
        FrameError: They are not a header of ours; the message says what is wrong.
    """
    fields = data[: _FIELDS.size]
    magic, version, kind, phase, chain, epoch, first, count, columns, size, crc = (
        _FIELDS.unpack(fields)
    )
    _check_origin(magic, version)
    if _SEAL.pack(crc32(fields)) != data[_FIELDS.size : HEADER_SIZE]:
        message = "Frame header is damaged: its CRC does not match; replay the chain."
        raise FrameError(message)
    frame = Frame(
        _known(Kind, kind), chain, _known(Phase, phase), epoch, first, count, columns
    )
    _check_size(frame, size, limit)
    return Header(frame, size, crc)


def with_payload(header: Header, payload: bytes) -> Frame:
    """Return the whole frame.

    Raises:
        FrameError: The payload is not the one that was sent.
    """
    frame = header.frame
    if crc32(payload) != header.payload_crc:
        message = (
            f"Frame payload of chain {frame.chain} at index {frame.first} is damaged: "
            f"its CRC does not match; replay the chain."
        )
        raise FrameError(message)
    return replace(frame, payload=payload)


def _check_origin(magic: bytes, version: int) -> None:
    if magic != MAGIC:
        message = f"Frame must begin with {MAGIC!r}, got {magic!r}: not ours."
        raise FrameError(message)
    if version != VERSION:
        message = (
            f"Frame version must be {VERSION}, got {version}; "
            f"use one exmc version on both ends."
        )
        raise FrameError(message)


def _known(kinds: type[EnumT], number: int) -> EnumT:
    try:
        return kinds(number)
    except ValueError as error:
        message = (
            f"Frame {kinds.__name__.lower()} {number} is unknown; "
            f"known are {', '.join(f'{k.value} ({k.name})' for k in kinds)}."
        )
        raise FrameError(message) from error


def _check_size(frame: Frame, size: int, limit: int) -> None:
    if size > limit:
        message = (
            f"Frame payload must not exceed {limit} bytes, got {size}; "
            f"send less at once."
        )
        raise FrameError(message)
    rows = 8 * frame.count * frame.columns
    if rows != (size if frame.kind is Kind.DRAWS else 0):
        message = (
            f"Frame {frame.kind.name} of {frame.count} rows by {frame.columns} columns "
            f"does not go with a payload of {size} bytes."
        )
        raise FrameError(message)
