"""Plain arguments as JSON and back: numbers, text, slices, tuples and arrays.

What JSON itself can say stands for itself; the rest is an object with one key that
names its kind. Arrays are written in full, with their dtype and shape.
"""

from __future__ import annotations

import math
from types import EllipsisType
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from exmc.errors import UnknownFormatError

if TYPE_CHECKING:
    from collections.abc import Callable

Literal: TypeAlias = Any
"""None, a bool, a number, text, a slice, ..., a dtype, an array, or a sequence."""

Json: TypeAlias = Any
"""What json can write."""

NON_FINITE = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}
DTYPES = ("float64", "int64", "bool")
DTYPE_OF = {"f": "float64", "i": "int64", "u": "int64", "b": "bool"}
"""The dtype that numbers are written with, by numpy's kind."""


def encode(value: Literal) -> Json:
    """Return a literal as something json can write.

    Raises:
        TypeError: It is not a literal.
    """
    if value is None or isinstance(value, bool | int | str):
        return value
    for kind, write in _WRITERS:
        if isinstance(value, kind):
            return write(value)
    message = f"{type(value).__name__} is not a number, text, slice or array"
    raise TypeError(message)


def decode(value: Json) -> Literal:
    """Return the literal that encode wrote.

    Raises:
        UnknownFormatError: It is of no kind we know.
    """
    if not isinstance(value, dict):
        return value
    try:
        ((kind, content),) = value.items()
        return _READERS[kind](content)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        if isinstance(error, UnknownFormatError):
            raise
        message = (
            f"Unknown literal {str(value)[:80]} in a model file; it is damaged, or "
            f"written by another version of exmc."
        )
        raise UnknownFormatError(message) from error


def encode_array(array: np.ndarray[Any, Any]) -> dict[str, Json]:
    """Return an array as something json can write; floats become float64.

    Raises:
        TypeError: It is not made of real numbers.
    """
    if array.dtype.kind not in DTYPE_OF:
        message = f"an array of {array.dtype} is not made of real numbers"
        raise TypeError(message)
    flat = array.ravel().tolist()
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        flat = [v if math.isfinite(v) else repr(v) for v in flat]
    return {
        "dtype": DTYPE_OF[array.dtype.kind],
        "shape": list(array.shape),
        "data": flat,
    }


def decode_array(encoded: dict[str, Json]) -> np.ndarray[Any, Any]:
    """Return the array that encode_array wrote, read-only.

    Raises:
        UnknownFormatError: It is not such an array.
    """
    try:
        dtype = DTYPES[DTYPES.index(encoded["dtype"])]
        flat = encoded["data"]
        if dtype == "float64":
            flat = [NON_FINITE[v] if isinstance(v, str) else v for v in flat]
        array = np.array(flat, dtype=dtype).reshape(encoded["shape"])
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        message = f"Unknown array in a model file: {error}; the file is damaged."
        raise UnknownFormatError(message) from error
    array.flags.writeable = False
    return array


def _encode_sequence(value: tuple[Literal, ...] | list[Literal]) -> Json:
    kind = "list" if isinstance(value, list) else "tuple"
    return {kind: [encode(entry) for entry in value]}


def _encode_dict(value: dict[str, Literal]) -> Json:
    return {"dict": {str(key): encode(entry) for key, entry in value.items()}}


def _encode_slice(value: slice) -> Json:
    return {"slice": [encode(end) for end in (value.start, value.stop, value.step)]}


def _encode_float(value: float) -> Json:
    return value if math.isfinite(value) else {"float": repr(value)}


def _decode_slice(ends: Json) -> slice:
    start, stop, step = (decode(end) for end in ends)
    return slice(start, stop, step)


def _decode_dtype(name: Json) -> np.dtype[Any]:
    return np.dtype(DTYPES[DTYPES.index(name)])


_WRITERS: tuple[tuple[type, Callable[[Any], Json]], ...] = (
    (np.ndarray, lambda value: {"array": encode_array(value)}),
    (np.generic, lambda value: encode(value.tolist())),
    (float, _encode_float),
    (tuple, _encode_sequence),
    (list, _encode_sequence),
    (dict, _encode_dict),
    (slice, _encode_slice),
    (EllipsisType, lambda _: {"ellipsis": True}),
    (np.dtype, lambda value: {"dtype": DTYPE_OF[value.kind]}),
    (type, lambda value: encode(np.dtype(value))),
)

_READERS: dict[str, Callable[[Json], Literal]] = {
    "array": decode_array,
    "float": NON_FINITE.__getitem__,
    "tuple": lambda entries: tuple(decode(entry) for entry in entries),
    "list": lambda entries: [decode(entry) for entry in entries],
    "dict": lambda entries: {key: decode(entry) for key, entry in entries.items()},
    "slice": _decode_slice,
    "ellipsis": lambda _: ...,
    "dtype": _decode_dtype,
}
