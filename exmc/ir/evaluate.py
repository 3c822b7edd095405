"""The value of an expression that depends on data alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from exmc.ir.expression import EXPRESSIONS, Constant, Op, references, toposort
from exmc.ir.node import Data, Deterministic, Observation
from exmc.ir.operations import PLAIN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from exmc.ir.construct import StandIn
    from exmc.ir.expression import AnyArray, Argument, Expression
    from exmc.ir.graph import ModelGraph


def evaluate(root: Expression, known: Mapping[str, AnyArray]) -> AnyArray:
    """Compute an expression with plain numpy.

    Args:
        root: The expression.
        known: The value of each name it refers to.

    Raises:
        KeyError: It refers to another name.
        IndexError: An index that comes from data is out of bounds.
    """
    values: dict[int, Any] = {}

    def of(argument: Argument) -> StandIn:
        return values[id(argument)] if isinstance(argument, EXPRESSIONS) else argument

    with np.errstate(all="ignore"):
        for part in toposort([root]):
            match part:
                case Constant():
                    values[id(part)] = part.value
                case Op():
                    inputs = map(of, part.arguments)
                    function = PLAIN[part.function]
                    values[id(part)] = function(*inputs, **dict(part.keywords))
                case _:
                    values[id(part)] = known[part.name]
    return np.asarray(values[id(root)])


def is_static(root: Expression, known: Mapping[str, AnyArray]) -> bool:
    """Tell whether an expression refers to known names only."""
    return all(reference.name in known for reference in references(root))


def static_values(graph: ModelGraph) -> dict[str, AnyArray]:
    """Return the value of every node that no free variable can change."""
    known: dict[str, AnyArray] = {}
    for node in graph.nodes:
        match node:
            case Data():
                known[node.name] = node.array
            case Observation() if is_static(node.value, known):
                known[node.name] = evaluate(node.value, known)
            case Deterministic() if is_static(node.expression, known):
                known[node.name] = evaluate(node.expression, known)
            case _:
                pass
    return known
