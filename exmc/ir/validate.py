"""Everything that can be wrong with a graph, found at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exmc.errors import (
    DuplicateNameError,
    InvalidModelError,
    ModelError,
    NoFreeVariableError,
    ShapeMismatchError,
)
from exmc.ir.check_data import data_violations, index_violations, nan_violations
from exmc.ir.check_family import family_violations
from exmc.ir.evaluate import static_values
from exmc.ir.expression import references
from exmc.ir.graph import unknown
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
    from collections.abc import Iterable, Iterator

    from exmc.ir.graph import ModelGraph
    from exmc.ir.node import Node


def validate(graph: ModelGraph) -> tuple[ModelError, ...]:
    """Return every violation, in the order of the nodes; () for a well-formed graph.

    Values are looked at only when all names and shapes are in order.
    """
    found = list(_structure(graph))
    if not found:
        found = list(_values(graph))
    if not graph.sampled:
        message = (
            "No free variable: the model has nothing to sample; leave out observed= "
            "of the quantity that you want to learn about."
        )
        found.append(NoFreeVariableError(message))
    return tuple(found)


def raise_any(violations: Iterable[ModelError]) -> None:
    """Raise what was found: nothing, the one violation, or all of them in one.

    Raises:
        ModelError: The only violation.
        InvalidModelError: Several.
    """
    found = tuple(violations)
    if len(found) == 1:
        raise found[0]
    if found:
        raise InvalidModelError(found)


def _structure(graph: ModelGraph) -> Iterator[ModelError]:
    defined: list[str] = []
    for node in graph.nodes:
        if node.name in defined:
            message = f"Duplicate name {node.name!r}: two nodes bear it; rename one."
            yield DuplicateNameError(message)
        for reference in references(*node.expressions):
            if reference.name not in defined:
                yield unknown(reference.name, tuple(defined))
        yield from _dims(graph, node)
        defined.append(node.name)


def _dims(graph: ModelGraph, node: Node) -> Iterator[ModelError]:
    if isinstance(node, PotentialTerm | FunctionTerm):
        return
    shape = node.array.shape if isinstance(node, Data) else node.shape
    named = [(d, n) for d, n in zip(node.dims, shape, strict=False) if d is not None]
    wrong = [d for d, n in named if len(graph.coords.get(d, ())) != n]
    if wrong or len(node.dims) not in (0, len(shape)):
        lengths = {d: len(graph.coords.get(d, ())) for d in node.dims if d is not None}
        message = (
            f"{node.name!r} has shape {shape}, but its dims {node.dims} have lengths "
            f"{lengths} in coords; correct one of them."
        )
        yield ShapeMismatchError(message)


def _values(graph: ModelGraph) -> Iterator[ModelError]:
    data = {node.name: node.array for node in graph.of(Data)}
    indices = [v for node in graph.nodes for v in index_violations(data, node)]
    if indices:
        yield from indices
        return
    known = static_values(graph)
    for node in graph.nodes:
        match node:
            case Data():
                yield from data_violations(node)
            case FreeVariable() | Observation():
                yield from family_violations(node, known)
            case Reparameterised():
                yield from family_violations(node.raw, known)
            case Deterministic() | PotentialTerm():
                yield from nan_violations(repr(node.name), node.expression)
            case _:
                pass
