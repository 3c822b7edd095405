"""Numpy calls as operations of an expression.

Everything here is decided from the name of the function and its arguments; expressions
among the arguments are already unwrapped.
"""

from __future__ import annotations

from types import EllipsisType
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from exmc.errors import ModelError, UntraceableError
from exmc.ir.construct import constant, op
from exmc.ir.describe import describe
from exmc.ir.expression import EXPRESSIONS, DataRef, Op, references
from exmc.ir.operations import ARRAY, ELEMENTWISE, SPECIAL

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from exmc.ir.expression import Argument, Expression, Literal

OTHER_NAMES = {
    "abs": "absolute",
    "acos": "arccos",
    "acosh": "arccosh",
    "amax": "max",
    "amin": "min",
    "asin": "arcsin",
    "asinh": "arcsinh",
    "atan": "arctan",
    "atan2": "arctan2",
    "atanh": "arctanh",
    "concat": "concatenate",
    "gammaln": "lgamma",
    "mod": "remainder",
    "pow": "power",
    "true_divide": "divide",
}
"""What numpy and scipy also call these functions."""

REDUCING = {
    "add": "sum",
    "logaddexp": "logsumexp",
    "maximum": "max",
    "minimum": "min",
    "multiply": "prod",
}
"""The reduction that each ufunc's `reduce` is."""

OPERANDS = {
    "clip": 3,
    "dot": 2,
    "inner": 2,
    "matmul": 2,
    "outer": 2,
    "tensordot": 2,
    "where": 3,
}
"""Leading arguments that are arrays, where it is not just the first."""

Plain: TypeAlias = Any
"""What a caller of numpy may pass: arrays, numbers, axes, expressions."""

KEYWORDS = {"axes", "axis", "ddof", "keepdims", "n"}
"""The keywords that may stand in an expression."""

LOGICAL = {
    "bitwise_and": "logical_and",
    "bitwise_or": "logical_or",
    "invert": "logical_not",
}
"""What the operators &, | and ~ mean between conditions."""

KNOWN = {*ELEMENTWISE, *ARRAY, *SPECIAL, "broadcast_to", "concatenate", "stack"}


def known_name(name: str) -> str:
    """Return the name under which expressions know a function.

    Raises:
        UntraceableError: They do not know it.
    """
    name = OTHER_NAMES.get(name, name)
    if name not in KNOWN:
        message = (
            f"{name} cannot be applied to a quantity of a model; write it with the "
            f"functions that can be recorded: {', '.join(sorted(KNOWN))}."
        )
        raise UntraceableError(message)
    return name


def recorded(name: str, arguments: Sequence[Any], keywords: Mapping[str, Any]) -> Op:
    """Return the operation that a call of a numpy function stands for.

    Raises:
        UntraceableError: The function or one of its keywords cannot be recorded.
        ShapeMismatchError: The shapes do not go together.
    """
    if name in LOGICAL:
        return _condition(name, arguments)
    name = known_name(name)
    if name in {"concatenate", "stack"}:
        return _joined(name, arguments, keywords)
    if name == "where" and len(arguments) != 3:
        message = (
            "where needs a condition and two choices, np.where(condition, a, b): where "
            "a condition holds is not known before sampling."
        )
        raise UntraceableError(message)
    if name == "clip":
        arguments = _ends_of_clip(arguments)
    if name == "einsum":
        subscripts, *operands = arguments
        return op(name, _literal(subscripts, name), *map(operand, operands))
    count = len(arguments) if name in ELEMENTWISE else OPERANDS.get(name, 1)
    arrays = [operand(argument) for argument in arguments[:count]]
    literals = [_literal(argument, name) for argument in arguments[count:]]
    return op(name, *arrays, *literals, **_keywords(name, keywords))


def indexed(value: Expression, index: object) -> Op:
    """Return the operation that `value[index]` stands for.

    Raises:
        UntraceableError: An index is not known before sampling.
        ShapeMismatchError: An index is out of bounds.
    """
    entries = index if isinstance(index, tuple) else (index,)
    return op("getitem", value, *(_index(value, entry) for entry in entries))


def operand(argument: object) -> Expression:
    """Return an argument that stands for numbers as an expression."""
    if isinstance(argument, EXPRESSIONS):
        return argument
    if isinstance(argument, list | tuple) and _contains_expression(argument):
        return op("stack", *(operand(entry) for entry in argument))
    return constant(argument)


def _condition(name: str, arguments: Sequence[Plain]) -> Op:
    operands = [operand(argument) for argument in arguments]
    for argument in operands:
        if argument.dtype != "bool":
            message = (
                f"{name} is for conditions, got {describe(argument)} of "
                f"{argument.dtype}; put comparisons in parentheses: (a > 0) & (b > 0)."
            )
            raise UntraceableError(message)
    return op(LOGICAL[name], *operands)


def _contains_expression(argument: object) -> bool:
    if isinstance(argument, list | tuple):
        return any(_contains_expression(entry) for entry in argument)
    return isinstance(argument, EXPRESSIONS)


def _joined(name: str, arguments: Sequence[Any], keywords: Mapping[str, Any]) -> Op:
    parts, *rest = arguments
    axis = rest[0] if rest else keywords.get("axis", 0)
    _keywords(name, keywords)
    operands = [operand(part) for part in parts]
    if name == "concatenate" and axis is None:
        operands, axis = [op("ravel", part) for part in operands], 0
    return op(name, *operands, axis=_literal(axis, name))


def _ends_of_clip(arguments: Sequence[Plain]) -> Sequence[Plain]:
    """Return the arguments of a clip, with infinity for an end that is None."""
    none = (None, -np.inf, np.inf)
    return [
        end if given is None else given
        for given, end in zip(arguments, none, strict=False)
    ]


def _keywords(name: str, keywords: Mapping[str, Any]) -> dict[str, Literal]:
    given = {key: value for key, value in keywords.items() if value is not None}
    for key in given:
        if key not in KEYWORDS:
            message = (
                f"The argument {key}= of {name} cannot be recorded for a quantity of "
                f"a model; leave it out."
            )
            raise UntraceableError(message)
    return {key: _literal(value, name) for key, value in given.items()}


def _literal(value: Plain, name: str) -> Literal:
    """Return an axis, a shape or another plain argument as immutable data."""
    match value:
        case None | bool() | int() | float() | str():
            return value
        case np.integer() | np.floating() | np.bool_():
            return value.tolist()
        case list() | tuple() | np.ndarray():
            return tuple(_literal(entry, name) for entry in value)
        case _:
            message = (
                f"An argument of {name} must be a plain number, text or tuple, got "
                f"{type(value).__name__}; only the arrays may be quantities of a model."
            )
            raise UntraceableError(message)


def _index(value: Expression, entry: Plain) -> Argument:
    match entry:
        case None | bool() | int() | EllipsisType():
            return entry
        case slice():
            return slice(
                *(_bound(end) for end in (entry.start, entry.stop, entry.step))
            )
        case np.integer():
            return entry.tolist()
        case _:
            return _index_array(value, operand(entry))


def _index_array(value: Expression, indices: Expression) -> Expression:
    random = any(not isinstance(ref, DataRef) for ref in references(indices))
    changing_mask = isinstance(indices, DataRef | Op) and indices.dtype == "bool"
    if random or changing_mask or indices.dtype == "float64":
        message = (
            f"{describe(value)} cannot be indexed by {describe(indices)}; an index "
            f"must be a slice or whole numbers known before sampling (for a mask, take "
            f"np.flatnonzero(mask) of the plain array; to choose by a variable, use "
            f"np.where)."
        )
        raise UntraceableError(message)
    return indices


def _bound(end: Plain) -> int | None:
    if end is None:
        return None
    try:
        return int(end.__index__())
    except AttributeError as error:
        message = f"A bound of a slice must be a whole number, got {end!r}."
        raise ModelError(message) from error
