"""A model as immutable data: expressions, nodes, graph, text and checks."""

from __future__ import annotations

from exmc.ir.expression import Constant, DataRef, Op, VariableRef
from exmc.ir.graph import ModelGraph
from exmc.ir.node import (
    Data,
    Deterministic,
    FreeVariable,
    FunctionTerm,
    Observation,
    PotentialTerm,
    Reparameterised,
)
from exmc.ir.printer import pretty
from exmc.ir.serialise import digest, from_json, from_parts, to_json, to_parts
from exmc.ir.validate import validate

__all__ = [
    "Constant",
    "Data",
    "DataRef",
    "Deterministic",
    "FreeVariable",
    "FunctionTerm",
    "ModelGraph",
    "Observation",
    "Op",
    "PotentialTerm",
    "Reparameterised",
    "VariableRef",
    "digest",
    "from_json",
    "from_parts",
    "pretty",
    "to_json",
    "to_parts",
    "validate",
]
