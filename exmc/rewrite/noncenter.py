"""A location-scale variable is sampled as a standard one, shifted and scaled.

before:  theta ~ Normal(mu, tau)
after:   theta = mu + tau * theta~raw, theta~raw ~ Normal(0, 1)
keeps:   names, order, and the joint density of constrained values
repeats: running it twice changes nothing
refuses: a variable asked for by name whose family has no location and scale, whose
         location and scale are both fixed numbers, or which has a transform of its own

The raw variable's density is the standard family at the raw value, never the family
at a value recomputed from it: (mu + tau z - mu) / tau loses z where tau is small
beside mu.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from exmc.distributions import FAMILIES
from exmc.errors import ModelError
from exmc.ir.construct import constant
from exmc.ir.expression import references
from exmc.ir.graph import unknown
from exmc.ir.node import FreeVariable, Reparameterised

if TYPE_CHECKING:
    from exmc.ir.graph import ModelGraph
    from exmc.ir.node import Node

Choice: TypeAlias = bool | Mapping[str, bool]
"""All that can be, none, or by name."""


def noncenter(graph: ModelGraph, choice: Choice) -> ModelGraph:
    """Return the graph with the chosen variables reparameterised.

    Args:
        graph: A well-formed graph.
        choice: True for every variable that can be, False for none, or by name.

    Raises:
        UnknownVariableError: A name that is not of a free variable.
        ModelError: A variable asked for by name cannot be non-centred.
    """
    random = graph.random_names()
    wanted = _wanted(graph, choice, random)

    def change(node: Node) -> Node:
        if isinstance(node, FreeVariable) and node.name in wanted:
            return reparameterised(node)
        return node

    return graph.map_nodes(change)


def reparameterised(variable: FreeVariable) -> Reparameterised:
    """Return location + scale * raw in place of a location-scale variable."""
    pair = FAMILIES[variable.family].location_scale
    if pair is None:
        raise ModelError(_refusal(variable.name, f"{variable.family} has no location"))
    location, scale = (variable.parameters[key] for key in pair)
    standard = dict(zip(pair, (constant(0.0), constant(1.0)), strict=True))
    raw = replace(
        variable,
        name=f"{variable.name}~raw",
        parameters={**variable.parameters, **standard},
        dims=variable.dims,
        transform="identity",
        initval=None,
    )
    return Reparameterised(
        variable.name,
        raw,
        location,
        scale,
        variable.shape,
        variable.dims,
        variable.initval,
    )


def obstacle(variable: FreeVariable, random: set[str]) -> str | None:
    """Say why a variable cannot be non-centred, or None when it can.

    Args:
        variable: A free variable of the graph.
        random: Names of what varies from draw to draw.
    """
    pair = FAMILIES[variable.family].location_scale
    if pair is None:
        return f"{variable.family} has no location and scale"
    if variable.transform not in (None, "identity"):
        return f"it has the transform {variable.transform!r} of its own"
    parameters = (variable.parameters[key] for key in pair)
    if not any(ref.name in random for ref in references(*parameters)):
        return f"its {pair[0]} and {pair[1]} are fixed numbers"
    return None


def _wanted(graph: ModelGraph, choice: Choice, random: set[str]) -> set[str]:
    free = {node.name: node for node in graph.of(FreeVariable)}
    if isinstance(choice, bool):
        return {n for n, v in free.items() if choice and obstacle(v, random) is None}
    sampled = tuple(node.name for node in graph.sampled)
    for name, yes in choice.items():
        if name not in sampled:
            raise unknown(name, sampled)
        reason = obstacle(free[name], random) if yes and name in free else None
        if reason is not None:
            raise ModelError(_refusal(name, reason))
    return {name for name, yes in choice.items() if yes and name in free}


def _refusal(name: str, reason: str) -> str:
    return f"Cannot non-center {name!r}: {reason}; leave it out of noncentered=."
