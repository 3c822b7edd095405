"""What every random variable of the modelling language shares: declaring itself."""

from __future__ import annotations

from collections.abc import Sequence
from inspect import Parameter, signature
from typing import TYPE_CHECKING, TypedDict

import numpy as np

from exmc.errors import BadParameterError, ModelError, ShapeMismatchError
from exmc.ir.construct import frozen_array
from exmc.ir.node import FreeVariable, Observation
from exmc.model.misspelt import likely_meant
from exmc.model.model import current_model
from exmc.model.symbolic import Symbolic, Value

if TYPE_CHECKING:
    from collections.abc import Mapping

    from exmc.ir.expression import Expression, Shape
    from exmc.ir.graph import Label
    from exmc.ir.node import Dims
    from exmc.typing import Array


class Options(TypedDict, total=False):
    """What every random variable accepts besides its parameters.

    Attributes:
        shape: Shape of the variable; by default that of its parameters.
        dims: Names of its axes, from the model's coords.
        observed: The values that were seen; without it the variable is sampled.
        initval: Where to start sampling.
        transform: Name of the transform to the real line, instead of the default.
    """

    shape: int | Sequence[int] | None
    dims: str | Sequence[str | None] | None
    observed: Value
    initval: Value
    transform: str | None


class RandomVariable(Symbolic):
    """A variable with a distribution, free or observed.

    Attributes:
        name: As the user gave it.
    """

    __slots__ = ("name",)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.name!r})"

    def _declare(
        self, name: str, parameters: Mapping[str, Value], options: Options
    ) -> None:
        """Add this variable to the model that is being written."""
        family = type(self).__name__
        accepted = _parameters(type(self))
        check_options(f"{family} {name!r}", options, tuple(accepted))
        _check_given(name, parameters, accepted)
        model = current_model(f"{family}({name!r})")
        expressions = {
            key: model.expression(value, f"Parameter {key} of {name!r}")
            for key, value in parameters.items()
            if value is not None
        }
        seen = options.get("observed")
        value = None if seen is None else model.expression(seen, f"Observed {name!r}")
        implied = value.shape if value is not None else _broadcast(name, expressions)
        shape, dims = declared_shape(name, implied, options, model.coords)
        node: FreeVariable | Observation
        if value is None:
            node = FreeVariable(
                name,
                family,
                expressions,
                shape,
                dims,
                options.get("transform"),
                _initial(name, shape, options.get("initval")),
            )
        else:
            node = Observation(name, family, expressions, value, shape, dims)
        model.add(node)
        self.name = name
        super().__init__(model[name].expression, model)


def declared_shape(
    name: str, implied: Shape, options: Options, coords: Mapping[str, tuple[Label, ...]]
) -> tuple[Shape, Dims]:
    """Return the shape and the named axes of a variable.

    Args:
        name: Of the variable, for messages.
        implied: The shape that its parameters or its observed values have.
        options: What the user gave.
        coords: Labels of each named dimension.

    Raises:
        ShapeMismatchError: shape, dims and coords disagree.
    """
    shape, dims = _as_shape(options.get("shape")), _as_dims(options.get("dims"))
    if not dims:
        return (implied if shape is None else shape), ()
    base = shape if shape is not None else implied
    if any(dim is None for dim in dims) and len(base) != len(dims):
        message = (
            f"{name!r} has dims {dims} but shape {base}; name each axis, or give "
            f"shape= with one length for each."
        )
        raise ShapeMismatchError(message)
    lengths = tuple(
        base[axis] if dim is None else len(_coordinate(name, dim, coords))
        for axis, dim in enumerate(dims)
    )
    if shape is not None and shape != lengths:
        message = (
            f"{name!r} has shape {shape}, but its dims {dims} have lengths {lengths} "
            f"in coords; leave out shape=, or correct coords."
        )
        raise ShapeMismatchError(message)
    return lengths, dims


def check_options(
    what: str, options: Mapping[str, object], parameters: tuple[str, ...] = ()
) -> None:
    """Refuse an argument that no random variable has.

    Args:
        what: The variable, for the message.
        options: What the user gave besides its parameters.
        parameters: The names of these, for the message.

    Raises:
        ModelError: Names the argument, the likely one, and those that exist.
    """
    known = (*parameters, *Options.__annotations__)
    for key in options:
        if key not in Options.__annotations__:
            likely = likely_meant(key, known)
            hint = f"did you mean {likely}=? It" if likely else "it"
            listed = ", ".join(f"{name}=" for name in known)
            message = f"{what} has no argument {key}=; {hint} accepts {listed}."
            raise ModelError(message)


def _parameters(family: type[RandomVariable]) -> dict[str, Parameter]:
    """Return the parameters of a family as the user may give them."""
    _, _, *own, _ = signature(family.__init__).parameters.values()
    return {parameter.name: parameter for parameter in own}


def _check_given(
    name: str, given: Mapping[str, Value], accepted: Mapping[str, Parameter]
) -> None:
    """Refuse None, but where it says that another parameter was given instead."""
    for key, value in given.items():
        default = accepted[key].default
        if value is None and default is not None:
            instead = "" if default is Parameter.empty else f", or leave out {key}="
            message = (
                f"Parameter {key} of {name!r} is None; give a number, an array or a "
                f"variable{instead}."
            )
            raise BadParameterError(message)


def _coordinate(
    name: str, dim: str, coords: Mapping[str, tuple[Label, ...]]
) -> tuple[Label, ...]:
    if dim not in coords:
        known = ", ".join(coords) or "none yet"
        message = (
            f"Unknown dim {dim!r} of {name!r}; give its labels in "
            f"Model(coords={{{dim!r}: [...]}}) (coords so far: {known})."
        )
        raise ShapeMismatchError(message)
    return coords[dim]


def _as_shape(shape: Value) -> Shape | None:
    if shape is None:
        return None
    several = isinstance(shape, Sequence | np.ndarray)
    entries = tuple(shape) if several else (shape,)
    for entry in entries:
        if not isinstance(entry, int | np.integer) or entry < 1:
            message = (
                f"shape= must be made of whole numbers of 1 or more, got {shape!r}."
            )
            raise ShapeMismatchError(message)
    return tuple(int(entry) for entry in entries)


def _as_dims(dims: object) -> Dims:
    if dims is None:
        return ()
    names = (dims,) if isinstance(dims, str) else dims
    if not isinstance(names, Sequence) or not all(map(_is_dim, names)):
        message = (
            f"dims= must name axes, got {dims!r}; give the name of a dimension in "
            f"coords, or several of them (for lengths, take shape=)."
        )
        raise ShapeMismatchError(message)
    return tuple(names)


def _is_dim(name: object) -> bool:
    return name is None or isinstance(name, str)


def _broadcast(name: str, parameters: Mapping[str, Expression]) -> Shape:
    try:
        return np.broadcast_shapes(*(p.shape for p in parameters.values()))
    except ValueError as error:
        shapes = ", ".join(f"{key} {p.shape}" for key, p in parameters.items())
        message = (
            f"The parameters of {name!r} have shapes that do not broadcast: {shapes}; "
            f"make them agree, by indexing or with an axis of length 1."
        )
        raise ShapeMismatchError(message) from error


def _initial(name: str, shape: Shape, initval: Value) -> Array | None:
    if initval is None:
        return None
    array = frozen_array(initval, f"initval of {name!r}").astype(np.float64)
    try:
        return np.broadcast_to(array, shape)
    except ValueError as error:
        message = (
            f"initval of {name!r} has shape {array.shape}, but the variable has shape "
            f"{shape}; give one number for each entry, or one for all."
        )
        raise ShapeMismatchError(message) from error
