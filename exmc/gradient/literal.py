"""Plain arguments as JSON and back: numbers, text, slices, tuples and arrays.

What JSON itself can say stands for itself; the rest is an object with one key that
names its kind. Arrays are written in full, with their dtype and shape.
"""

from __future__ import annotations

import math
from types import EllipsisType
from typing import Any

import numpy as np

from exmc.errors import UnknownFormatError

NON_FINITE = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}
DTYPES = ("float64", "int64", "bool")


def encode(value: Any) -> Any:
    """Return a literal as something json can write.

    Raises:
        TypeError: It is not a literal.
    """
    match value:
        case np.ndarray():
            return {"array": encode_array(value)}
        case None | bool() | int() | str():
            return value
        case np.generic():
            return encode(value.tolist())
        case float():
            return value if math.isfinite(value) else {"float": repr(value)}
        case tuple() | list():
            return {type(value).__name__: [encode(entry) for entry in value]}
        case dict():
            return {"dict": {str(k): encode(v) for k, v in value.items()}}
        case slice():
            return {"slice": [encode(e) for e in (value.start, value.stop, value.step)]}
        case EllipsisType():
            return {"ellipsis": True}
        case np.dtype():
            return {"dtype": value.name}
        case type() if issubclass(value, float | int | np.generic):
            return {"dtype": np.dtype(value).name}
        case _:
            message = f"{type(value).__name__} is not a number, text, slice or array"
            raise TypeError(message)


def decode(value: Any) -> Any:
    """Return the literal that encode wrote.

    Raises:
        UnknownFormatError: It is of no kind we know.
    """
    if not isinstance(value, dict):
        return value
    match list(value.items()):
        case [("array", dict() as array)]:
            return decode_array(array)
        case [("float", str() as text)] if text in NON_FINITE:
            return NON_FINITE[text]
        case [("tuple", list() as entries)]:
            return tuple(decode(entry) for entry in entries)
        case [("list", list() as entries)]:
            return [decode(entry) for entry in entries]
        case [("dict", dict() as entries)]:
            return {key: decode(entry) for key, entry in entries.items()}
        case [("slice", [start, stop, step])]:
            return slice(decode(start), decode(stop), decode(step))
        case [("ellipsis", True)]:
            return ...
        case [("dtype", str() as name)] if name in DTYPES:
            return np.dtype(name)
        case _:
            message = (
                f"Unknown literal {str(value)[:80]} in a model file; it was written by "
                f"another version of exmc."
            )
            raise UnknownFormatError(message)


def encode_array(array: np.ndarray[Any, Any]) -> dict[str, Any]:
    """Return an array of float64, int64 or bool as something json can write."""
    flat = array.ravel().tolist()
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        flat = [v if math.isfinite(v) else repr(v) for v in flat]
    return {"dtype": array.dtype.name, "shape": list(array.shape), "data": flat}


def decode_array(encoded: dict[str, Any]) -> np.ndarray[Any, Any]:
    """Return the array that encode_array wrote, read-only.

    Raises:
        UnknownFormatError: It is not such an array.
    """
    try:
        dtype, shape, flat = encoded["dtype"], encoded["shape"], encoded["data"]
        if dtype == "float64":
            flat = [NON_FINITE[v] if isinstance(v, str) else v for v in flat]
        if dtype not in DTYPES:
            raise KeyError(dtype)
        array = np.array(flat, dtype=dtype).reshape(shape)
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        message = f"Unknown array in a model file: {error}; the file is damaged."
        raise UnknownFormatError(message) from error
    array.flags.writeable = False
    return array
