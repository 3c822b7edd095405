"""What the sampler gets from a model: a density, and what a position means."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, get_args

import numpy as np

from exmc.compiler.build import Build, Sources, build
from exmc.compiler.layout import Layout, layout_of
from exmc.compiler.writer import (
    density_program,
    draw_program,
    inverse_program,
    terms_program,
)
from exmc.errors import (
    ModelError,
    OptionError,
    ShapeMismatchError,
    UnknownVariableError,
)
from exmc.frames.schema import Schema, VariableSchema
from exmc.gradient.executable import DENSITY
from exmc.gradient.speed import Backend
from exmc.ir.construct import frozen_array
from exmc.ir.node import Deterministic, FreeVariable, Reparameterised
from exmc.ir.operations import TRACED
from exmc.ir.validate import raise_any, validate
from exmc.numerics.autodiff import value_and_grad
from exmc.numerics.guards import all_finite, finite_or_nan
from exmc.rewrite import attach_default_transforms, noncenter
from exmc.sampler.chain import STATS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import ArrayLike

    from exmc.ir.graph import ModelGraph
    from exmc.typing import Array, Density, Vector

Kept = FreeVariable | Reparameterised | Deterministic
"""The nodes whose values are kept for each draw."""


class CompiledModel:
    """A model as one log-density of a flat unconstrained vector z of shape (dim,).

    All methods are pure; numpy's floating-point warnings never leave them.

    Attributes:
        graph: The graph after the passes.
        wanted: The backend that was asked for.
        layout: Where each variable stands in z.
        schema: The columns of a draw.
    """

    def __init__(self, graph: ModelGraph, wanted: Backend = "autograd") -> None:
        self.graph = graph
        self.wanted = wanted
        self.layout: Layout = layout_of(graph)
        self.schema = schema_of(graph, self.layout)
        kept = [variable.name for variable in self.schema.variables]
        self._density = density_program(graph, self.layout)
        self._draw = draw_program(graph, self.layout, kept)
        self._inverse = inverse_program(graph)
        self._shapes = {v.name: v.shape for v in self.schema.variables}
        self._shape = (self.dim,)
        self._value_and_grad = value_and_grad(lambda z: self._density(z)[0])
        first = self.schema.identity_columns.stop
        self._columns = [self.schema.columns_of(name) for name in kept]
        self._value_columns = [
            slice(columns.start - first, columns.stop - first)
            for columns in self._columns
        ]

    @property
    def dim(self) -> int:
        """Number of unconstrained coordinates."""
        return self.layout.dim

    @property
    def width(self) -> int:
        """Numbers in the values of all variables together."""
        columns: int = self.schema.columns - self.schema.identity_columns.stop
        return columns

    @cached_property
    def build(self) -> Build:
        """How gradients are computed; made when it is first asked for.

        Warns:
            SlowGradientWarning: By autograd, though something faster was wanted.

        Raises:
            MissingExtraError: "native" was asked for by name, without llvmlite.
        """
        kept = [variable.name for variable in self.schema.variables]
        values = draw_program(self.graph, self.layout, kept, TRACED)
        sources = Sources(
            self.dim,
            lambda z: self._density(z)[0],
            values,
            self.width,
            self.initial_point(),
        )
        return build(sources, self.wanted)

    @property
    def backend(self) -> str:
        """How gradients are computed: "native", "strict", "numpy" or "autograd"."""
        return self.build.backend

    @property
    def names(self) -> tuple[str, ...]:
        """A label for each coordinate, such as "tau" or "theta[B]"."""
        return self.layout.names

    @property
    def noncentered(self) -> tuple[str, ...]:
        """Names of the variables that are sampled standardised."""
        return tuple(node.name for node in self.graph.of(Reparameterised))

    def name_of(self, coordinate: int) -> str:
        """Return the label of one coordinate."""
        return self.layout.names[coordinate]

    def log_density(self, z: Vector) -> float:
        """Return the log-density at z in nats, Jacobians included; NaN if infinite.

        Raises:
            ShapeMismatchError: z is not of shape (dim,).
        """
        try:
            with np.errstate(all="ignore"):
                return finite_or_nan(self._density(self._position(z))[0])
        except np.linalg.LinAlgError:
            return np.nan

    def value_and_grad(self, z: Vector) -> tuple[float, Vector]:
        """Return the log-density at z in nats, NaN if not finite, and its gradient.

        A matrix that cannot be factorised at z is NaN too, in value and gradient.

        Raises:
            ShapeMismatchError: z is not of shape (dim,).
        """
        gradient, position = np.empty(self.dim), self._position(z)
        with np.errstate(all="ignore"):
            value = self._evaluate(position, gradient)
        return finite_or_nan(value), gradient

    def differentiated(self, z: Vector) -> tuple[float, Vector]:
        """Return the same by autograd, whatever the backend."""
        try:
            with np.errstate(all="ignore"):
                value, gradient = self._value_and_grad(z)
        except np.linalg.LinAlgError:
            return np.nan, np.full(self.dim, np.nan)
        return finite_or_nan(value), gradient

    def density(self, z: Vector, gradient: Vector) -> float:
        """Write the gradient at z; return the log-density (`exmc.typing.Density`).

        NaN when the log-density or any entry of the gradient is not finite. Only the
        shapes are checked: z and gradient must be C-contiguous float64.

        Raises:
            ShapeMismatchError: One of them is not of shape (dim,).
        """
        if not z.shape == gradient.shape == self._shape:
            # Machine code would go past the end of an array that is too short.
            raise _not_a_position(self.dim, z.shape, gradient.shape)
        with np.errstate(all="ignore"):
            value = finite_or_nan(self._evaluate(z, gradient))
        return value if all_finite(gradient) else np.nan

    @cached_property
    def _evaluate(self) -> Density:
        executable = self.build.executable
        if executable is None:
            return self._by_autograd
        return executable.realise(self.build.data)[DENSITY]

    def _position(self, z: ArrayLike) -> Vector:
        """Return z as the backends want it: contiguous float64, of shape (dim,)."""
        position = frozen_array(z, "A position").astype(np.float64)
        if position.shape != self._shape:
            raise _not_a_position(self.dim, position.shape)
        return position

    def _by_autograd(self, z: Vector, gradient: Vector) -> float:
        value, gradient[:] = self.differentiated(z)
        return value

    def terms(self, z: Vector) -> dict[str, float]:
        """Return what each part of the model adds to the log-density at z, in nats.

        NaN where a part is not finite. The program is written anew for each call:
        it is for looking into a model, not for sampling.

        Raises:
            ShapeMismatchError: z is not of shape (dim,).
        """
        names, program = terms_program(self.graph, self.layout)
        with np.errstate(all="ignore"):
            values = map(finite_or_nan, program(self._position(z)))
        return dict(zip(names, values, strict=True))

    def constrain(self, z: Vector) -> dict[str, Array]:
        """Return the values of the user's variables and deterministics at z.

        Raises:
            ShapeMismatchError: z is not of shape (dim,).
        """
        with np.errstate(all="ignore"):
            values = self._draw(self._position(z))
        return {
            name: np.array(np.broadcast_to(value, shape), dtype=np.float64)
            for (name, shape), value in zip(self._shapes.items(), values, strict=True)
        }

    def constrain_into(self, z: Vector, row: Vector) -> None:
        """Write the same values flat, in the order of the schema.

        Args:
            z: Shape (dim,).
            row: The value columns of a row, shape (columns - stats - dim,).
        """
        with np.errstate(all="ignore"):
            values = self._draw(z)
        for columns, value in zip(self._value_columns, values, strict=True):
            row[columns] = np.ravel(value)

    def unconstrain(self, point: Mapping[str, ArrayLike]) -> Vector:
        """Return the position at which the user's variables have these values.

        Args:
            point: A value for each free variable; other names are ignored.

        Raises:
            UnknownVariableError: A free variable is missing.
            ShapeMismatchError: A value has another shape.
        """
        values = [_given(point, node.name, node.shape) for node in self.graph.sampled]
        with np.errstate(all="ignore"):
            parts = self._inverse(*values)
        shapes = [node.shape for node in self.graph.sampled]
        return np.concatenate(
            [
                np.broadcast_to(part, shape).ravel()
                for part, shape in zip(parts, shapes, strict=True)
            ],
            dtype=np.float64,
        )

    def initial_point(self) -> Vector | None:
        """Return where to start if any variable has an initval, else None.

        Variables without one start at zero in their unconstrained coordinates.
        """
        given = {n.name: n.initval for n in self.graph.sampled if n.initval is not None}
        if not given:
            return None
        start = np.zeros(self.dim)
        # In the order of the model, for the coordinates of a variable depend on the
        # values of its parents.
        for segment in self.layout.segments:
            if segment.name in given:
                point = self.constrain(start) | {segment.name: given[segment.name]}
                part = slice(segment.start, segment.stop)
                start[part] = self.unconstrain(point)[part]
        return start


def compile_model(
    graph: ModelGraph,
    *,
    noncentered: bool | Mapping[str, bool] = False,
    backend: Backend = "autograd",
) -> CompiledModel:
    """Check a graph, run the passes, and write its programs.

    Args:
        graph: As the user wrote it.
        noncentered: Whether location-scale variables are sampled as standard ones,
            shifted and scaled: for all that can be, or by name.
        backend: How gradients are to be computed.

    Raises:
        OptionError: There is no such backend.
        ModelError: The model is not well formed; every violation at once. Or a
            function in it has no gradient.
    """
    if backend not in get_args(Backend):
        allowed = ", ".join(map(repr, get_args(Backend)))
        raise OptionError(f"backend must be one of {allowed}, got {backend!r}.")
    raise_any(validate(graph))
    changed = attach_default_transforms(noncenter(graph, noncentered))
    model = CompiledModel(changed, backend)
    _check_gradient(model)
    return model


def _check_gradient(model: CompiledModel) -> None:
    """Evaluate once, so that what fails does so here and not in a chain."""
    try:
        model.differentiated(np.zeros(model.dim))
    except Exception as error:
        message = (
            f"The gradient of the log-density cannot be computed: "
            f"{type(error).__name__}: {str(error).strip()}; write the model with other "
            f"functions of numpy or, for a bare log-density, of autograd.numpy."
        )
        raise ModelError(message) from error


def schema_of(graph: ModelGraph, layout: Layout) -> Schema:
    """Return the columns of a draw: what was sampled and what follows, in order."""
    variables = tuple(
        VariableSchema(
            name=node.name,
            shape=node.shape,
            dims=node.dims or (None,) * len(node.shape),
            kind="deterministic" if isinstance(node, Deterministic) else "free",
        )
        for node in graph.nodes
        if isinstance(node, Kept)
    )
    return Schema(
        dim=layout.dim,
        stats=STATS,
        variables=variables,
        coords={dim: tuple(labels) for dim, labels in graph.coords.items()},
    )


def _not_a_position(dim: int, *shapes: tuple[int, ...]) -> ShapeMismatchError:
    got = " and ".join(map(str, shapes))
    return ShapeMismatchError(
        f"A position, and a gradient, has shape ({dim},), one number for each entry of "
        f"`names`, got {got}; `unconstrain` makes one from values of the variables."
    )


def _given(point: Mapping[str, ArrayLike], name: str, shape: tuple[int, ...]) -> Array:
    if name not in point:
        message = (
            f"Unknown value of {name!r}: a point needs a value for each free variable."
        )
        raise UnknownVariableError(message)
    value = np.asarray(point[name], dtype=np.float64)
    try:
        return np.broadcast_to(value, shape)
    except ValueError as error:
        message = (
            f"{name!r} has shape {shape}, got a value of shape {value.shape}; give one "
            f"number for each entry."
        )
        raise ShapeMismatchError(message) from error
