"""A graph as JSON text and back, and the digest that names it.

Expressions are a table in which an entry refers to earlier ones by number, so that a
part used twice is written once and equal parts are one entry. Arrays stand inside the
text (`to_json`), or travel apart from it (`to_parts`).
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

import numpy as np

from exmc.distributions import FAMILIES
from exmc.errors import UnknownFormatError
from exmc.gradient.literal import decode, decode_array, encode, encode_array
from exmc.gradient.trace import TracedFunction
from exmc.ir.expression import EXPRESSIONS, Constant, DataRef, Op, VariableRef, toposort
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
from exmc.ir.operations import PLAIN

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from exmc.gradient.literal import Json
    from exmc.ir.expression import AnyArray, Expression
    from exmc.ir.node import Node

FORMAT = "exmc-model"
VERSION = 1
APART = 64
"""Constants with at least this many entries travel apart in `to_parts`."""


def to_json(graph: ModelGraph) -> str:
    """Return a graph as JSON text, arrays inside."""
    return json.dumps(_Encoder(None).graph(graph), indent=1)


def from_json(text: str) -> ModelGraph:
    """Return the graph that to_json wrote.

    Raises:
        UnknownFormatError: Not a model, or of a version, operation or family that we
            do not know.
    """
    return from_parts(text, {})


def to_parts(graph: ModelGraph) -> tuple[str, dict[str, AnyArray]]:
    """Return a graph as JSON text and, apart from it, the arrays of its data."""
    arrays: dict[str, AnyArray] = {}
    return json.dumps(_Encoder(arrays).graph(graph)), arrays


def from_parts(text: str, arrays: Mapping[str, AnyArray]) -> ModelGraph:
    """Return the graph that to_parts took apart.

    Raises:
        UnknownFormatError: As from_json; also when an array is missing.
    """
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        message = f"The model is not JSON text: {error}; write it with to_json."
        raise UnknownFormatError(message) from error
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        message = f'The JSON text is not a model: it lacks "format": {FORMAT!r}.'
        raise UnknownFormatError(message)
    if data.get("version") != VERSION:
        message = (
            f"The model has version {data.get('version')!r}, but this exmc reads "
            f"version {VERSION}; write it again with this version."
        )
        raise UnknownFormatError(message)
    try:
        return _Decoder(arrays).graph(data)
    except (KeyError, TypeError, IndexError, AttributeError, ValueError) as error:
        if isinstance(error, UnknownFormatError):
            raise
        message = f"The model file is damaged: {type(error).__name__}: {error}."
        raise UnknownFormatError(message) from error


def digest(graph: ModelGraph) -> str:
    """Return the SHA-256 of a graph as hex: the same for equal models and data."""
    text, arrays = to_parts(graph)
    hasher = hashlib.sha256(text.encode())
    for name in sorted(arrays):
        little = arrays[name].astype(arrays[name].dtype.newbyteorder("<"))
        hasher.update(f"{name} {little.dtype.str} {little.shape}".encode())
        hasher.update(little.tobytes())
    return hasher.hexdigest()


class _Encoder:
    """Writes one graph; knows the table of expressions so far."""

    def __init__(self, arrays: dict[str, AnyArray] | None) -> None:
        self._arrays = arrays
        self._entries: list[Json] = []
        self._numbers: dict[str, int] = {}
        self._done: dict[int, tuple[Expression, int]] = {}

    def graph(self, graph: ModelGraph) -> dict[str, Json]:
        nodes = [self._node(node) for node in graph.nodes]
        return {
            "format": FORMAT,
            "version": VERSION,
            "coords": {dim: list(labels) for dim, labels in graph.coords.items()},
            "expressions": self._entries,
            "nodes": nodes,
        }

    def _node(self, node: Node) -> dict[str, Json]:
        entry: dict[str, Json] = {"kind": type(node).__name__, "name": node.name}
        match node:
            case Data():
                array = self._array(f"data:{node.name}", node.array, at_least=0)
                entry |= {"array": array, "dims": list(node.dims)}
            case FreeVariable():
                entry |= self._variable(node)
                entry |= {"transform": node.transform}
                entry |= {"initval": _optional(node.initval)}
            case Observation():
                entry |= self._variable(node)
                entry |= {"value": self.number(node.value)}
            case Reparameterised():
                entry |= {
                    "raw": self._node(node.raw),
                    "location": self.number(node.location),
                    "scale": self.number(node.scale),
                    "shape": list(node.shape),
                    "dims": list(node.dims),
                    "initval": _optional(node.initval),
                }
            case Deterministic():
                entry |= {"expression": self.number(node.expression)}
                entry |= {"dims": list(node.dims)}
            case PotentialTerm():
                entry |= {"expression": self.number(node.expression)}
            case FunctionTerm():
                entry |= {"function": node.function.to_data()}
                entry |= {"arguments": [self.number(a) for a in node.arguments]}
        return entry

    def _variable(self, node: FreeVariable | Observation) -> dict[str, Json]:
        parameters = {key: self.number(p) for key, p in node.parameters.items()}
        return {
            "family": node.family,
            "parameters": parameters,
            "shape": list(node.shape),
            "dims": list(node.dims),
        }

    def number(self, root: Expression) -> int:
        """Return the number of an expression in the table, writing what is new."""
        for part in toposort([root]):
            if id(part) not in self._done:
                self._done[id(part)] = part, self._write(part)
        return self._done[id(root)][1]

    def _write(self, part: Expression) -> int:
        entry = self._entry(part)
        key = json.dumps(entry)
        if key not in self._numbers:
            self._numbers[key] = len(self._entries)
            self._entries.append(entry)
        return self._numbers[key]

    def _entry(self, part: Expression) -> dict[str, Json]:
        match part:
            case Constant():
                name = f"constant:{len(self._entries)}"
                return {"constant": self._array(name, part.value, at_least=APART)}
            case DataRef():
                return _reference("data", part)
            case VariableRef():
                return _reference("variable", part)
            case Op():
                return {
                    "op": part.function,
                    "arguments": [self._argument(a) for a in part.arguments],
                    "keywords": {key: encode(v) for key, v in part.keywords},
                    "shape": list(part.shape),
                    "dtype": part.dtype,
                }

    def _argument(self, argument: Json) -> Json:
        if isinstance(argument, EXPRESSIONS):
            return {"expression": self._done[id(argument)][1]}
        return encode(argument)

    def _array(self, name: str, array: AnyArray, at_least: int) -> dict[str, Json]:
        if self._arrays is None or array.size < at_least:
            return encode_array(array)
        self._arrays[name] = array
        return {"apart": name}


class _Decoder:
    """Reads one graph; knows the expressions so far."""

    def __init__(self, arrays: Mapping[str, AnyArray]) -> None:
        self._arrays = arrays
        self._expressions: list[Expression] = []

    def graph(self, data: dict[str, Json]) -> ModelGraph:
        for entry in data["expressions"]:
            self._expressions.append(self._expression(entry))
        nodes = tuple(self._node(entry) for entry in data["nodes"])
        coords = {dim: tuple(labels) for dim, labels in data["coords"].items()}
        return ModelGraph(nodes, coords)

    def _expression(self, entry: dict[str, Json]) -> Expression:
        if "constant" in entry:
            return Constant(self._array(entry["constant"]))
        if "data" in entry:
            return DataRef(entry["data"], tuple(entry["shape"]), entry["dtype"])
        if "variable" in entry:
            return VariableRef(entry["variable"], tuple(entry["shape"]), entry["dtype"])
        name = entry["op"]
        if name not in PLAIN:
            message = f"Unknown operation {name!r} in a model file; update exmc."
            raise UnknownFormatError(message)
        arguments = tuple(map(self._argument, entry["arguments"]))
        keywords = tuple((k, decode(v)) for k, v in entry["keywords"].items())
        return Op(name, arguments, keywords, tuple(entry["shape"]), entry["dtype"])

    def _argument(self, argument: Json) -> Json:
        if isinstance(argument, dict) and set(argument) == {"expression"}:
            return self._expressions[argument["expression"]]
        return decode(argument)

    def _node(self, entry: dict[str, Json]) -> Node:
        kind, name = entry["kind"], entry["name"]
        if kind not in READERS:
            message = f"Unknown kind of node {kind!r} in a model file; update exmc."
            raise UnknownFormatError(message)
        return READERS[kind](self, name, entry)

    def data(self, name: str, entry: dict[str, Json]) -> Node:
        return Data(name, self._array(entry["array"]), tuple(entry["dims"]))

    def free(self, name: str, entry: dict[str, Json]) -> FreeVariable:
        initval = entry["initval"]
        return FreeVariable(
            name,
            *self._family(entry),
            tuple(entry["shape"]),
            tuple(entry["dims"]),
            entry["transform"],
            None if initval is None else decode_array(initval),
        )

    def observation(self, name: str, entry: dict[str, Json]) -> Node:
        value = self._expressions[entry["value"]]
        shape, dims = tuple(entry["shape"]), tuple(entry["dims"])
        return Observation(name, *self._family(entry), value, shape, dims)

    def reparameterised(self, name: str, entry: dict[str, Json]) -> Node:
        initval = entry["initval"]
        return Reparameterised(
            name,
            self.free(entry["raw"]["name"], entry["raw"]),
            self._expressions[entry["location"]],
            self._expressions[entry["scale"]],
            tuple(entry["shape"]),
            tuple(entry["dims"]),
            None if initval is None else decode_array(initval),
        )

    def deterministic(self, name: str, entry: dict[str, Json]) -> Node:
        expression = self._expressions[entry["expression"]]
        return Deterministic(name, expression, tuple(entry["dims"]))

    def potential(self, name: str, entry: dict[str, Json]) -> Node:
        return PotentialTerm(name, self._expressions[entry["expression"]])

    def function(self, name: str, entry: dict[str, Json]) -> Node:
        arguments = tuple(self._expressions[n] for n in entry["arguments"])
        return FunctionTerm(
            name, TracedFunction.from_data(entry["function"]), arguments
        )

    def _family(self, entry: dict[str, Json]) -> tuple[str, dict[str, Expression]]:
        if entry["family"] not in FAMILIES:
            message = (
                f"Unknown family {entry['family']!r} in a model file; update exmc."
            )
            raise UnknownFormatError(message)
        numbers = entry["parameters"].items()
        return entry["family"], {key: self._expressions[n] for key, n in numbers}

    def _array(self, encoded: dict[str, Json]) -> AnyArray:
        if "apart" not in encoded:
            return decode_array(encoded)
        if encoded["apart"] not in self._arrays:
            message = f"Array {encoded['apart']!r} of the model is missing."
            raise UnknownFormatError(message)
        array = np.asarray(self._arrays[encoded["apart"]]).view()
        array.flags.writeable = False
        return array


READERS: dict[str, Callable[[_Decoder, str, dict[str, Json]], Node]] = {
    "Data": _Decoder.data,
    "FreeVariable": _Decoder.free,
    "Observation": _Decoder.observation,
    "Reparameterised": _Decoder.reparameterised,
    "Deterministic": _Decoder.deterministic,
    "PotentialTerm": _Decoder.potential,
    "FunctionTerm": _Decoder.function,
}


def _reference(kind: str, part: DataRef | VariableRef) -> dict[str, Json]:
    return {kind: part.name, "shape": list(part.shape), "dtype": part.dtype}


def _optional(array: AnyArray | None) -> Json:
    return None if array is None else encode_array(array)
