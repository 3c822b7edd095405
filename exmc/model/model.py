"""The model context: what is written inside it becomes a graph."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Self, TypeAlias

import numpy as np

from exmc.compiler import compile_model
from exmc.errors import (
    BadDataError,
    DuplicateNameError,
    ModelError,
    NoFreeVariableError,
    ShapeMismatchError,
    UnknownFormatError,
    UnknownVariableError,
)
from exmc.ir.construct import constant, frozen_array
from exmc.ir.expression import Constant
from exmc.ir.graph import ModelGraph, reference_to, unknown
from exmc.ir.node import Data, Deterministic, Observation
from exmc.ir.printer import pretty
from exmc.ir.serialise import from_json, to_json
from exmc.ir.validate import raise_any, validate
from exmc.model.symbolic import Symbolic, Value, has_quantity, record
from exmc.native import available

if TYPE_CHECKING:
    from types import TracebackType

    from exmc.compiler import CompiledModel
    from exmc.gradient.speed import Backend
    from exmc.ir.expression import AnyArray, Expression
    from exmc.ir.graph import Label
    from exmc.ir.node import Node


Key: TypeAlias = tuple[object, str, bool]
"""Non-centering, backend, and whether machine code could be had."""


class Model:
    """A Bayesian model, written inside its `with` block.

    Args:
        coords: The labels of each named dimension, for `dims=`.

    Raises:
        ModelError: At the end of the block, if anything in it is not well formed;
            every violation at once.
    """

    def __init__(self, coords: Mapping[str, Iterable[Label]] | None = None) -> None:
        self._graph = ModelGraph(
            coords={dim: _labels(dim, labels) for dim, labels in _named(coords).items()}
        )
        self._compiled: dict[Key, tuple[ModelGraph, CompiledModel]] = {}

    def __enter__(self) -> Self:
        _open.set((*_open.get(), self))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        _open.set(_open.get()[:-1])
        if kind is None:
            found = validate(self._graph)
            raise_any(v for v in found if not isinstance(v, NoFreeVariableError))

    def __getitem__(self, name: str) -> Symbolic:
        return Symbolic(reference_to(self._graph.node(name)), self)

    def __contains__(self, name: object) -> bool:
        return name in self._graph.names

    def __repr__(self) -> str:
        return pretty(self._graph)

    @property
    def graph(self) -> ModelGraph:
        """The model as immutable data."""
        return self._graph

    @property
    def coords(self) -> Mapping[str, tuple[Label, ...]]:
        """The labels of each named dimension."""
        return self._graph.coords

    @property
    def free_variables(self) -> tuple[str, ...]:
        """Names of the variables to be sampled, in order."""
        return tuple(node.name for node in self._graph.sampled)

    @property
    def observed(self) -> tuple[str, ...]:
        """Names of the observed variables, in order."""
        return tuple(node.name for node in self._graph.of(Observation))

    @property
    def deterministics(self) -> tuple[str, ...]:
        """Names of the deterministic quantities, in order."""
        return tuple(node.name for node in self._graph.of(Deterministic))

    @property
    def data(self) -> tuple[str, ...]:
        """Names of the replaceable data, in order."""
        return tuple(node.name for node in self._graph.of(Data))

    def add(self, node: Node) -> Symbolic | None:
        """Add a node; return the quantity it stands for, if it stands for one.

        Raises:
            DuplicateNameError: The model has a node of this name.
        """
        _check_name(node.name, self._graph.names)
        self._graph = self._graph.adding(node)
        try:
            return self[node.name]
        except UnknownVariableError:
            return None

    def expression(self, value: Value, what: str) -> Expression:
        """Return a parameter as an expression: a number, a name or a quantity.

        Raises:
            UnknownVariableError: A name that the model does not have.
            ModelError: A quantity of another model.
            BadDataError: Not numbers.
        """
        if isinstance(value, str):
            return reference_to(self._graph.node(value))
        if isinstance(value, list | tuple) and has_quantity(value):
            value = record("stack", (value,))
        if not isinstance(value, Symbolic):
            return Constant(frozen_array(value, what))
        if value.owner is not self and value.owner is not None:
            message = (
                f"{what} is {value!r} of another model; define it in the same `with` "
                f"block."
            )
            raise ModelError(message)
        return value.expression

    def set_data(self, name: str, array: object) -> None:
        """Replace the numbers of a Data node by others of the same shape.

        Raises:
            UnknownVariableError: No Data node has this name.
            ShapeMismatchError: The shape differs.
            ModelError: The new numbers make the model ill-formed.
        """
        if name not in self.data:
            raise unknown(name, self.data)
        old = next(node for node in self._graph.of(Data) if node.name == name)
        changed = self._graph.with_data(name, _replacement(old, array))
        found = validate(changed)
        raise_any(v for v in found if not isinstance(v, NoFreeVariableError))
        self._graph = changed

    def compile(
        self,
        *,
        noncentered: bool | Mapping[str, bool] = False,
        backend: Backend = "auto",
    ) -> CompiledModel:
        """Build the log-density of the unconstrained vector.

        A model that has not changed since is compiled once for each choice.

        Args:
            noncentered: Whether location-scale variables are sampled as standard
                ones, shifted and scaled: for all that can be, or by name.
            backend: How gradients are computed, from the first one on: "native",
                "strict", "numpy", "autograd", or "auto" for the fastest.

        Raises:
            OptionError: There is no such backend.
            ModelError: The model is not well formed; every violation at once.
        """
        key = (_as_key(noncentered), backend, available())
        graph, compiled = self._compiled.get(key, (None, None))
        if compiled is None or graph is not self._graph:
            compiled = compile_model(
                self._graph, noncentered=noncentered, backend=backend
            )
            self._compiled[key] = (self._graph, compiled)
        return compiled

    def to_json(self) -> str:
        """Return the model as JSON text, data included."""
        return to_json(self._graph)

    @classmethod
    def from_graph(cls, graph: ModelGraph) -> Self:
        """Return a model of an existing graph.

        Raises:
            ModelError: The graph is not well formed; every violation at once.
        """
        raise_any(validate(graph))
        model = cls()
        model._graph = graph
        return model


def _as_key(noncentered: object) -> object:
    if isinstance(noncentered, Mapping):
        return tuple(sorted(noncentered.items()))
    return noncentered


_open: ContextVar[tuple[Model, ...]] = ContextVar("open_models", default=())
"""The models whose blocks are open in this context, outermost first."""


def current_model(asking: str) -> Model:
    """Return the model that is being written: that of the innermost `with` block.

    Args:
        asking: What needs a model, for the message.

    Raises:
        ModelError: No block is open.
    """
    models = _open.get()
    if not models:
        message = (
            f"{asking} is outside a model; write it inside `with exmc.Model() as "
            f"model:` (a distribution by itself is made with .dist)."
        )
        raise ModelError(message)
    return models[-1]


def load_model(source: str | Path) -> Model:
    """Return the model that `Model.to_json` wrote.

    Args:
        source: The JSON text, or the path of a file with it.

    Raises:
        UnknownFormatError: The text is not a model, or of another version.
        ModelError: The model is not well formed.
    """
    if isinstance(source, str) and source.lstrip().startswith("{"):
        return Model.from_graph(from_json(source))
    try:
        text = Path(source).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        message = f"The model file {str(source)!r} cannot be read: {error}."
        raise UnknownFormatError(message) from error
    return Model.from_graph(from_json(text))


def _named(coords: object) -> Mapping[str, Iterable[Label]]:
    if coords is None:
        return {}
    if isinstance(coords, Mapping) and all(map(_is_name, coords)):
        return coords
    message = (
        f"coords must map the name of each dimension to its labels, got {coords!r}; "
        f'write coords={{"name": [...]}}.'
    )
    raise BadDataError(message)


def _labels(dim: str, labels: object) -> tuple[Label, ...]:
    given = labels if isinstance(labels, Iterable) else ()
    plain = tuple(v.tolist() if isinstance(v, np.generic) else v for v in given)
    if not plain or not all(map(_is_label, plain)):
        message = (
            f"coords[{dim!r}] must be a non-empty sequence of text or finite numbers, "
            f"got {labels!r}."
        )
        raise BadDataError(message)
    if len(set(plain)) < len(plain):
        twice = next(v for v in plain if plain.count(v) > 1)
        message = f"coords[{dim!r}] has the label {twice!r} twice; make labels unique."
        raise DuplicateNameError(message)
    return plain


def _is_label(value: object) -> bool:
    if isinstance(value, str):
        return _is_unicode(value)
    return isinstance(value, int) or (isinstance(value, float) and isfinite(value))


def _is_name(value: object) -> bool:
    return isinstance(value, str) and bool(value) and _is_unicode(value)


def _is_unicode(text: str) -> bool:
    """Tell whether text can be written: half a surrogate pair cannot."""
    return not any("\ud800" <= letter <= "\udfff" for letter in text)


def _check_name(name: object, taken: tuple[str, ...]) -> None:
    if not _is_name(name):
        message = f"A name must be non-empty text, got {name!r}; give it first."
        raise ModelError(message)
    if name in taken:
        message = (
            f"Duplicate name {name!r}: the model has a variable of this name already; "
            f"choose another."
        )
        raise DuplicateNameError(message)


def _replacement(old: Data, array: object) -> AnyArray:
    new = frozen_array(array, f"Data {old.name!r}")
    if new.shape != old.array.shape:
        message = (
            f"Data {old.name!r} has shape {old.array.shape}, got {new.shape}; new "
            f"numbers must have the same shape (build the model anew for another)."
        )
        raise ShapeMismatchError(message)
    if not np.can_cast(new.dtype, old.array.dtype):
        message = (
            f"Data {old.name!r} is made of {old.array.dtype}, got {new.dtype}; convert "
            f"the new numbers, or make the old ones floats."
        )
        raise BadDataError(message)
    return constant(new.astype(old.array.dtype)).value
