"""The nodes of a model graph: what a model says, one fact a node.

A node is data. Parameters and expressions refer to other nodes by name, and a
reference to a variable always means its value in the user's own units, never an
unconstrained coordinate.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from exmc.ir.expression import references

if TYPE_CHECKING:
    from collections.abc import Mapping

    from exmc.gradient.trace import TracedFunction
    from exmc.ir.expression import AnyArray, Expression, Shape
    from exmc.typing import Array

Dims: TypeAlias = tuple[str | None, ...]
"""The name of each axis, None for an axis without one; () when nothing is named."""


@dataclass(frozen=True, slots=True, eq=False)
class Data:
    """Numbers that may be replaced by others of the same shape."""

    name: str
    array: AnyArray
    dims: Dims = ()

    @property
    def expressions(self) -> tuple[Expression, ...]:
        """Everything this node refers to: nothing."""
        return ()


@dataclass(frozen=True, slots=True, eq=False)
class FreeVariable:
    """A variable to be sampled.

    Attributes:
        name: The user's name.
        family: Name of a family in exmc.distributions.
        parameters: By the family's own names.
        shape: Shape of one draw.
        dims: Named axes.
        transform: Name of a transform in exmc.transforms; None before the pass
            that attaches defaults.
        initval: Where to start, in the user's units, or None.
    """

    name: str
    family: str
    parameters: Mapping[str, Expression]
    shape: Shape = ()
    dims: Dims = ()
    transform: str | None = None
    initval: Array | None = None

    @property
    def expressions(self) -> tuple[Expression, ...]:
        """Everything this node refers to."""
        return tuple(self.parameters.values())


@dataclass(frozen=True, slots=True, eq=False)
class Reparameterised:
    """A user's variable that follows from a hidden one: location + scale * raw.

    Attributes:
        name: The user's name.
        raw: The hidden variable that is sampled in its place.
        location: Added to the scaled raw value.
        scale: Multiplies the raw value.
        shape: Shape of one draw.
        dims: Named axes.
        initval: Where to start, in the user's units, or None.
    """

    name: str
    raw: FreeVariable
    location: Expression
    scale: Expression
    shape: Shape = ()
    dims: Dims = ()
    initval: Array | None = None

    @property
    def expressions(self) -> tuple[Expression, ...]:
        """Everything this node refers to."""
        return (self.location, self.scale, *self.raw.parameters.values())


@dataclass(frozen=True, slots=True, eq=False)
class Observation:
    """Values that were seen, and the family that is said to have made them."""

    name: str
    family: str
    parameters: Mapping[str, Expression]
    value: Expression
    shape: Shape = ()
    dims: Dims = ()

    @property
    def expressions(self) -> tuple[Expression, ...]:
        """Everything this node refers to."""
        return (*self.parameters.values(), self.value)


@dataclass(frozen=True, slots=True, eq=False)
class Deterministic:
    """A quantity worth keeping in the posterior."""

    name: str
    expression: Expression
    dims: Dims = ()

    @property
    def shape(self) -> Shape:
        """Shape of one draw."""
        return self.expression.shape

    @property
    def expressions(self) -> tuple[Expression, ...]:
        """Everything this node refers to."""
        return (self.expression,)


@dataclass(frozen=True, slots=True, eq=False)
class PotentialTerm:
    """Nats added to the log-density: the sum of an expression."""

    name: str
    expression: Expression

    @property
    def expressions(self) -> tuple[Expression, ...]:
        """Everything this node refers to."""
        return (self.expression,)


@dataclass(frozen=True, slots=True, eq=False)
class FunctionTerm:
    """Nats added to the log-density: a recorded function of some expressions."""

    name: str
    function: TracedFunction
    arguments: tuple[Expression, ...] = field(default=())

    @property
    def expressions(self) -> tuple[Expression, ...]:
        """Everything this node refers to."""
        return self.arguments


Node: TypeAlias = (
    Data
    | FreeVariable
    | Reparameterised
    | Observation
    | Deterministic
    | PotentialTerm
    | FunctionTerm
)


def parents(node: Node) -> set[str]:
    """Return the names of the nodes that a node refers to."""
    return {reference.name for reference in references(*node.expressions)}
