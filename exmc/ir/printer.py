"""A graph as text, one node a line, as a person would write the model down."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exmc.ir.construct import op
from exmc.ir.describe import describe
from exmc.ir.expression import VariableRef
from exmc.ir.node import (
    Data,
    Deterministic,
    FreeVariable,
    FunctionTerm,
    Observation,
    PotentialTerm,
    Reparameterised,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from exmc.ir.expression import Expression, Shape
    from exmc.ir.graph import ModelGraph
    from exmc.ir.node import Dims, Node


LONGEST = 200
"""Characters of an expression after which it is cut."""


def pretty(graph: ModelGraph) -> str:
    """Return a graph as text."""
    coords = [
        f"{dim} in {{{', '.join(map(str, labels))}}}"
        for dim, labels in graph.coords.items()
    ]
    return "\n".join([*coords, *(line for n in graph.nodes for line in _lines(n))])


def _lines(node: Node) -> list[str]:
    if isinstance(node, PotentialTerm):
        return [f"{node.name}: add {describe(node.expression, LONGEST)}"]
    if isinstance(node, FunctionTerm):
        inputs, steps = ", ".join(map(describe, node.arguments)), node.function.steps
        return [f"{node.name}: add function({inputs}) of {len(steps)} steps"]
    axes = _axes_of(node)
    if isinstance(node, Reparameterised):
        raw = f"{node.raw.name}{axes} ~ {_family(node.raw)}{_how(node.raw)}"
        hidden = VariableRef(node.raw.name, node.shape)
        moved = op("add", node.location, op("multiply", node.scale, hidden))
        return [raw, f"{node.name}{axes} = {describe(moved, LONGEST)}"]
    return [f"{node.name}{axes} {_meaning(node)}"]


def _meaning(node: Data | FreeVariable | Observation | Deterministic) -> str:
    match node:
        case Data():
            return f"= data {node.array.dtype.name}"
        case FreeVariable():
            return f"~ {_family(node)}{_how(node)}"
        case Observation():
            return f"~ {_family(node)} observed {describe(node.value)}"
        case Deterministic():
            return f"= {describe(node.expression, LONGEST)}"


def _axes_of(
    node: Data | FreeVariable | Reparameterised | Observation | Deterministic,
) -> str:
    shape = node.array.shape if isinstance(node, Data) else node.shape
    return _axes(shape, node.dims)


def _axes(shape: Shape, dims: Dims) -> str:
    if not shape:
        return ""
    named = dims or (None,) * len(shape)
    axes = [
        str(length) if dim is None else f"{dim}: {length}"
        for dim, length in zip(named, shape, strict=True)
    ]
    return f"[{', '.join(axes)}]"


def _family(node: FreeVariable | Observation) -> str:
    return f"{node.family}({_parameters(node.parameters)})"


def _parameters(parameters: Mapping[str, Expression]) -> str:
    return ", ".join(
        f"{key}={describe(value, LONGEST)}" for key, value in parameters.items()
    )


def _how(node: FreeVariable) -> str:
    return "" if node.transform in (None, "identity") else f" via {node.transform}"
