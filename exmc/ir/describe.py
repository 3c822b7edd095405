"""Expressions as a person would write them, for messages and printed graphs."""

from __future__ import annotations

from types import EllipsisType
from typing import TYPE_CHECKING, Any

import numpy as np

from exmc.ir.expression import Constant, DataRef, Op, VariableRef, toposort

if TYPE_CHECKING:
    from exmc.ir.expression import Argument, Expression

INFIX = {
    "add": ("+", 4),
    "subtract": ("-", 4),
    "multiply": ("*", 5),
    "divide": ("/", 5),
    "matmul": ("@", 5),
    "power": ("**", 7),
    "less": ("<", 3),
    "less_equal": ("<=", 3),
    "greater": (">", 3),
    "greater_equal": (">=", 3),
    "equal": ("==", 3),
    "not_equal": ("!=", 3),
}
"""Operators and how tightly they bind."""

ATOM = 9
UNARY = 6
LONG = 4
"""A constant array of more entries than this is shown by its shape."""


def describe(expression: Expression, limit: int | None = 60) -> str:
    """Return an expression as text, cut to `limit` characters if one is given.

    O(size of the expression); a part used twice is written twice, so an unlimited
    text may be long.
    """
    texts: dict[int, tuple[str, int]] = {}
    for part in toposort([expression]):
        text, binding = _part(part, texts)
        if limit is not None and len(text) > limit:
            text, binding = text[: limit - 3] + "...", ATOM
        texts[id(part)] = text, binding
    return texts[id(expression)][0]


def _part(part: Expression, texts: dict[int, tuple[str, int]]) -> tuple[str, int]:
    match part:
        case Constant():
            return _constant(part)
        case DataRef() | VariableRef():
            return part.name, ATOM
        case Op():
            return _op(part, texts)


def _constant(part: Constant) -> tuple[str, int]:
    if part.value.ndim == 0:
        text = repr(part.value.tolist())
        return text, UNARY if text.startswith("-") else ATOM
    if part.value.size <= LONG:
        return str(part.value.tolist()), ATOM
    return f"{part.dtype}{list(part.shape)}", ATOM


def _op(part: Op, texts: dict[int, tuple[str, int]]) -> tuple[str, int]:
    if part.function in INFIX and len(part.arguments) == 2 and not part.keywords:
        symbol, binding = INFIX[part.function]
        left, right = part.arguments
        power = part.function == "power"
        before = _wrapped(left, texts, binding + power)
        after = _wrapped(right, texts, binding + (not power))
        return f"{before} {symbol} {after}", binding
    if part.function == "negative":
        return f"-{_wrapped(part.arguments[0], texts, UNARY)}", UNARY
    if part.function == "getitem":
        index = ", ".join(_argument(a, texts) for a in part.arguments[1:])
        return f"{_wrapped(part.arguments[0], texts, ATOM)}[{index}]", ATOM
    inside = [_argument(a, texts) for a in part.arguments]
    inside += [f"{key}={_argument(value, texts)}" for key, value in part.keywords]
    return f"{part.function}({', '.join(inside)})", ATOM


def _wrapped(
    argument: Argument, texts: dict[int, tuple[str, int]], binding: int
) -> str:
    if id(argument) not in texts:
        return _argument(argument, texts)
    text, own = texts[id(argument)]
    return text if own >= binding else f"({text})"


def _argument(argument: Argument, texts: dict[int, tuple[str, int]]) -> str:
    if isinstance(argument, Constant | DataRef | VariableRef | Op):
        return texts[id(argument)][0]
    if isinstance(argument, slice):
        ends = ["" if end is None else str(end) for end in _ends(argument)]
        return ":".join(ends)
    if isinstance(argument, EllipsisType):
        return "..."
    return repr(argument)


def _ends(part: slice) -> tuple[object, ...]:
    ends = (part.start, part.stop, part.step)
    return ends[:2] if part.step is None else ends


def described_shape(expression: Expression) -> str:
    """Return an expression and its shape for a message: "theta of shape (8,)"."""
    text = describe(expression, limit=40)
    if isinstance(expression, Constant) and expression.value.size > LONG:
        text = "an array"
    return (
        f"{text} of shape {expression.shape}"
        if expression.shape
        else f"{text} (a scalar)"
    )


def numbers(values: np.ndarray[Any, Any]) -> str:
    """Return an array on one line, long ones shortened in the middle."""
    return np.array2string(values, threshold=8, edgeitems=3).replace("\n", " ")
