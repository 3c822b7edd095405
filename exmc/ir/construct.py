"""Making expressions: numbers checked and frozen, operations with shape and dtype.

Nothing here computes with values of variables; a function applied to arrays of ones
tells the shape, so that numpy itself is the rule.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np

from exmc.errors import BadDataError, ModelError, ShapeMismatchError
from exmc.ir.describe import described_shape
from exmc.ir.expression import (
    EXPRESSIONS,
    AnyArray,
    Argument,
    Constant,
    Literal,
    Op,
    Shape,
)
from exmc.ir.operations import ELEMENTWISE, PLAIN

StandIn: TypeAlias = Any
"""An array in place of an expression, or a literal."""

KINDS = {"b": "bool", "i": "int64", "u": "int64", "f": "float64"}
"""The dtype an expression may have, by numpy's kind."""


def constant(value: object) -> Constant:
    """Return numbers as an expression, copied and frozen.

    Raises:
        BadDataError: The value is not made of real numbers.
    """
    return Constant(frozen_array(value, "A constant"))


def frozen_array(value: object, what: str) -> AnyArray:
    """Return a read-only float64, int64 or bool copy of array-like numbers.

    Raises:
        BadDataError: The value is not made of real numbers; names `what`.
    """
    if np.ma.isMaskedArray(value) and np.ma.is_masked(value):
        message = (
            f"{what} has masked entries, which are not supported; "
            f"leave the masked entries out."
        )
        raise BadDataError(message)
    try:
        array = np.asarray(value)
    except ModelError:
        raise
    except ValueError as error:
        message = f"{what} must be a rectangular array of numbers: {error}."
        raise BadDataError(message) from error
    if array.dtype.kind not in KINDS:
        message = (
            f"{what} must be made of real numbers, got an array of {array.dtype}; "
            f"convert it, for example with np.asarray(..., dtype=float)."
        )
        raise BadDataError(message)
    array = np.array(array, dtype=KINDS[array.dtype.kind], order="C")
    array.flags.writeable = False
    return array


def op(function: str, *arguments: Argument, **keywords: Literal) -> Op:
    """Apply a function to expressions, finding the shape and dtype of the result.

    Raises:
        ShapeMismatchError: The shapes do not go together; names both.
    """
    shape, dtype = _infer(function, arguments, keywords)
    return Op(function, arguments, tuple(keywords.items()), shape, dtype)


def _infer(
    function: str, arguments: tuple[Argument, ...], keywords: dict[str, Literal]
) -> tuple[Shape, str]:
    stand_ins = [_stand_in(argument) for argument in arguments]
    if function == "getitem":
        stand_ins[1:] = [_first_index(argument) for argument in arguments[1:]]
    try:
        with np.errstate(all="ignore"):
            result = np.asarray(PLAIN[function](*stand_ins, **keywords))
    except (ValueError, IndexError) as error:
        if function == "power" and _broadcast(arguments):
            message = (
                f"{_attempt(function, arguments)}: whole numbers have no negative "
                f"powers; make them floats, for example with 1.0 * before the first."
            )
            raise ModelError(message) from error
        raise ShapeMismatchError(_mismatch(function, arguments, error)) from error
    except TypeError as error:
        message = f"{_attempt(function, arguments)}: {error}."
        raise ModelError(message) from error
    return result.shape, KINDS[result.dtype.kind]


def _stand_in(argument: Argument) -> StandIn:
    """Return an array of the shape and dtype of an expression.

    Ones are in the domain of every function. Constants stand for themselves.
    """
    if isinstance(argument, Constant):
        return argument.value
    if isinstance(argument, EXPRESSIONS):
        return np.broadcast_to(np.ones((), dtype=argument.dtype), argument.shape)
    return argument


def _first_index(argument: Argument) -> StandIn:
    """Return an index for a stand-in; one of unknown values points at the start."""
    if isinstance(argument, EXPRESSIONS) and not isinstance(argument, Constant):
        return np.zeros(argument.shape, dtype=np.int64)
    return _stand_in(argument)


def _mismatch(function: str, arguments: tuple[Argument, ...], error: Exception) -> str:
    if function in ELEMENTWISE:
        return (
            f"{_attempt(function, arguments)}: the shapes do not broadcast; make them "
            f"agree, by indexing or with an axis of length 1."
        )
    if function in {"matmul", "dot", "inner"}:
        return (
            f"{_attempt(function, arguments)}: the lengths to sum over differ; make "
            f"them agree, by indexing or with a transpose."
        )
    return f"{_attempt(function, arguments)}: {str(error).strip()}; check the shapes."


def _broadcast(arguments: tuple[Argument, ...]) -> bool:
    try:
        np.broadcast_shapes(*(a.shape for a in arguments if isinstance(a, EXPRESSIONS)))
    except ValueError:
        return False
    return True


def _attempt(function: str, arguments: tuple[Argument, ...]) -> str:
    operands = [a for a in arguments if isinstance(a, EXPRESSIONS)]
    return f"Cannot apply {function} to {' and '.join(map(described_shape, operands))}"
