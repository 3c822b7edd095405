"""What can be wrong with numbers: NaN, nothing at all, an index out of bounds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from exmc.errors import BadDataError
from exmc.ir.describe import describe
from exmc.ir.evaluate import evaluate, is_static
from exmc.ir.expression import EXPRESSIONS, Constant, Op, toposort

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from exmc.errors import ModelError
    from exmc.ir.construct import StandIn
    from exmc.ir.expression import AnyArray, Expression
    from exmc.ir.node import Data, Node


def data_violations(node: Data) -> Iterator[ModelError]:
    """Yield what is wrong with the array of a Data node."""
    what = f"Data {node.name!r}"
    if node.array.size == 0:
        message = f"{what} is empty, shape {node.array.shape}; give at least one entry."
        yield BadDataError(message)
    if np.isnan(node.array).any():
        yield nan_error(what, node.array)


def nan_violations(what: str, root: Expression) -> Iterator[ModelError]:
    """Yield an error for each constant in an expression that contains NaN."""
    for part in toposort([root]):
        if isinstance(part, Constant) and np.isnan(part.value).any():
            name = what if part is root else f"A constant in {what}"
            yield nan_error(name, part.value)


def nan_error(what: str, values: AnyArray) -> ModelError:
    """Return the error for numbers that contain NaN; names the first index."""
    missing = np.isnan(values)
    where = place(missing)
    count = f" ({missing.sum()} of {values.size} entries)" if values.ndim else ""
    message = f"{what} has NaN{where}{count}; leave those entries out, or fill them in."
    return BadDataError(message)


def index_violations(known: Mapping[str, AnyArray], node: Node) -> Iterator[ModelError]:
    """Yield an error for each index, made of data, that points outside an axis.

    Args:
        known: The array of each Data node.
        node: Whose indices are looked at.
    """
    for part in toposort(node.expressions):
        if isinstance(part, Op) and part.function == "getitem":
            indices = [a for a in part.arguments[1:] if isinstance(a, EXPRESSIONS)]
            if any(not is_static(index, known) for index in indices):
                continue
            values = [
                evaluate(a, known) if isinstance(a, EXPRESSIONS) else a
                for a in part.arguments[1:]
            ]
            yield from _out_of_bounds(part, values)


def _out_of_bounds(part: Op, index: list[StandIn]) -> Iterator[ModelError]:
    operand = part.operands[0]
    try:
        _ = np.broadcast_to(np.zeros(()), operand.shape)[tuple(index)]
    except IndexError as error:
        message = (
            f"{describe(part)} points outside {describe(operand)} of shape "
            f"{operand.shape}: {error}; correct the index (it counts from zero)."
        )
        yield BadDataError(message)


def place(wrong: AnyArray) -> str:
    """Say where the first marked entry is: "" for a scalar, else " at index ..."."""
    if wrong.ndim == 0:
        return ""
    first = tuple(np.argwhere(wrong)[0].tolist())
    return f" at index {first[0] if len(first) == 1 else first}"
