"""Each free variable gets the transform of its family.

before:  sigma ~ HalfNormal                 after:  sigma ~ HalfNormal via exp
keeps:   names, order, and the joint density of constrained values
repeats: running it twice changes nothing
refuses: never; a variable that names its own transform keeps it
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from exmc.distributions import FAMILIES
from exmc.ir.node import FreeVariable, Reparameterised

if TYPE_CHECKING:
    from exmc.ir.graph import ModelGraph
    from exmc.ir.node import Node


def attach_default_transforms(graph: ModelGraph) -> ModelGraph:
    """Return the graph with a transform on every variable that had none."""

    def attach(node: Node) -> Node:
        match node:
            case FreeVariable():
                return _attached(node)
            case Reparameterised():
                return replace(node, raw=_attached(node.raw))
            case _:
                return node

    return graph.map_nodes(attach)


def _attached(variable: FreeVariable) -> FreeVariable:
    if variable.transform is not None:
        return variable
    return replace(variable, transform=FAMILIES[variable.family].default_transform)
