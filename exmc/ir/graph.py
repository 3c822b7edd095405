"""A model as immutable data: nodes in the user's order, and labels of dimensions."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from exmc.errors import UnknownVariableError
from exmc.ir.expression import DataRef, VariableRef
from exmc.ir.node import (
    Data,
    Deterministic,
    FreeVariable,
    Observation,
    Reparameterised,
    parents,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from exmc.ir.expression import AnyArray
    from exmc.ir.node import Node

Label: TypeAlias = str | int | float | bool
"""A label along a dimension."""

N = TypeVar("N")


@dataclass(frozen=True, slots=True, eq=False)
class ModelGraph:
    """Nodes, each defined after what it refers to, and coords.

    Attributes:
        nodes: In the order in which the user wrote them.
        coords: The labels of each named dimension.
    """

    nodes: tuple[Node, ...] = ()
    coords: Mapping[str, tuple[Label, ...]] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """The name of each node."""
        return tuple(node.name for node in self.nodes)

    @property
    def sampled(self) -> tuple[FreeVariable | Reparameterised, ...]:
        """The user's variables that take part in the unconstrained vector."""
        kinds = (FreeVariable, Reparameterised)
        return tuple(node for node in self.nodes if isinstance(node, kinds))

    def of(self, kind: type[N]) -> tuple[N, ...]:
        """Return the nodes of one kind, in order."""
        return tuple(node for node in self.nodes if isinstance(node, kind))

    def node(self, name: str) -> Node:
        """Return the node of that name.

        Raises:
            UnknownVariableError: There is none; lists the names there are.
        """
        for node in self.nodes:
            if node.name == name:
                return node
        raise unknown(name, self.names)

    def adding(self, node: Node) -> ModelGraph:
        """Return the graph with one node more, at the end."""
        return replace(self, nodes=(*self.nodes, node))

    def with_data(self, name: str, array: AnyArray) -> ModelGraph:
        """Return the graph with other numbers in one Data node."""

        def change(node: Node) -> Node:
            if isinstance(node, Data) and node.name == name:
                return replace(node, array=array)
            return node

        return self.map_nodes(change)

    def map_nodes(self, change: Callable[[Node], Node]) -> ModelGraph:
        """Return the graph with each node replaced by what `change` makes of it."""
        return replace(self, nodes=tuple(change(node) for node in self.nodes))

    def descendants(self, names: set[str]) -> set[str]:
        """Return these names and those of every node that depends on one. O(nodes)."""
        reached = set(names)
        for node in self.nodes:
            if parents(node) & reached:
                reached.add(node.name)
        return reached

    def random_names(self) -> set[str]:
        """Return the names of what varies from draw to draw."""
        below = self.descendants({node.name for node in self.sampled})
        return below - {node.name for node in self.of(Observation)}


def reference_to(node: Node) -> DataRef | VariableRef:
    """Return an expression that stands for a node's value.

    Raises:
        UnknownVariableError: The node has no value: it is a term of the log-density.
    """
    match node:
        case Data():
            return DataRef(node.name, node.array.shape, node.array.dtype.name)
        case FreeVariable() | Reparameterised():
            return VariableRef(node.name, node.shape)
        case Observation():
            return VariableRef(node.name, node.shape, node.value.dtype)
        case Deterministic():
            return VariableRef(node.name, node.shape, node.expression.dtype)
        case _:
            message = (
                f"{node.name!r} is a term of the log-density and has no value; "
                f"refer to a variable, a deterministic or data."
            )
            raise UnknownVariableError(message)


def unknown(name: str, known: tuple[str, ...]) -> UnknownVariableError:
    """Return the error for a name that no node bears."""
    listed = ", ".join(known) if known else "none yet"
    message = (
        f"Unknown variable {name!r}; define it before it is used, or take one of "
        f"the model's names: {listed}."
    )
    return UnknownVariableError(message)
