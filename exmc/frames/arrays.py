"""Named arrays as bytes: what a worker is given, and what it hands over.

Layout: the size of the directory (uint64, little-endian), the directory as JSON
padded with blanks to a multiple of 8, then each array's elements in C order and
little-endian, each padded to a multiple of 8. Every array therefore starts
aligned when the buffer itself does.
"""

from __future__ import annotations

import struct
from math import prod
from typing import TYPE_CHECKING, Any, Final

import msgspec
import numpy as np

from exmc.errors import FrameError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

_SIZE: Final = struct.Struct("<Q")
_DTYPES: Final = {code: np.dtype(code) for code in ("<f8", "<i8", "|b1")}
"""Nothing that could carry an object."""


class _Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    dtype: str
    shape: tuple[int, ...]


def pack_arrays(arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """Return the arrays as bytes, in the order given.

    Args:
        arrays: Of float64, int64 or bool, any shape.

    Raises:
        FrameError: An array is of another type.
    """
    entries = [_Entry(n, _code(n, a.dtype), a.shape) for n, a in arrays.items()]
    directory = msgspec.json.encode(entries)
    directory += b" " * _padding(len(directory))
    parts = [_SIZE.pack(len(directory)), directory]
    for entry, array in zip(entries, arrays.values(), strict=True):
        data = np.ascontiguousarray(array, dtype=_DTYPES[entry.dtype]).tobytes()
        parts += (data, bytes(_padding(len(data))))
    return b"".join(parts)


def unpack_arrays(data: bytes | memoryview) -> dict[str, NDArray[Any]]:
    """Return the arrays as read-only views of the bytes; nothing is copied.

    Args:
        data: What pack_arrays returned, or a mapping of it. bytes are aligned.

    Raises:
        FrameError: The bytes are something else.
    """
    view = memoryview(data).toreadonly()
    entries, offset = _directory(view)
    arrays: dict[str, NDArray[Any]] = {}
    for entry in entries:
        arrays[entry.name], offset = _array(view, entry, offset)
    if offset != len(view):
        message = f"Packed arrays take {offset} bytes, got {len(view)}."
        raise FrameError(message)
    return arrays


def _directory(view: memoryview) -> tuple[list[_Entry], int]:
    if len(view) < _SIZE.size:
        message = f"Packed arrays need at least {_SIZE.size} bytes, got {len(view)}."
        raise FrameError(message)
    (size,) = _SIZE.unpack(view[: _SIZE.size])
    stop = _SIZE.size + size
    if stop > len(view):
        message = f"Packed arrays' directory ends at {stop}, got {len(view)} bytes."
        raise FrameError(message)
    try:
        entries = msgspec.json.decode(view[_SIZE.size : stop], type=list[_Entry])
    except msgspec.DecodeError as error:
        message = f"Packed arrays' directory cannot be read: {error}."
        raise FrameError(message) from error
    return entries, stop


def _array(view: memoryview, entry: _Entry, offset: int) -> tuple[NDArray[Any], int]:
    dtype = _DTYPES.get(entry.dtype)
    if dtype is None or min(entry.shape, default=0) < 0:
        message = (
            f"Packed array {entry.name!r} of type {entry.dtype!r} and shape "
            f"{entry.shape} cannot be read; types are {', '.join(_DTYPES)}."
        )
        raise FrameError(message)
    count = prod(entry.shape)
    stop = offset + count * dtype.itemsize
    if stop > len(view):
        message = (
            f"Packed array {entry.name!r} ends at byte {stop}, got {len(view)} bytes."
        )
        raise FrameError(message)
    flat = np.frombuffer(view[offset:stop], dtype)
    return flat.reshape(entry.shape), stop + _padding(stop)


def _code(name: str, dtype: np.dtype[Any]) -> str:
    code = dtype.newbyteorder("<").str
    if code not in _DTYPES:
        message = (
            f"Array {name!r} is of type {dtype}; only float64, int64 and bool can be "
            f"packed: convert it first."
        )
        raise FrameError(message)
    return code


def _padding(size: int) -> int:
    return -size % 8
