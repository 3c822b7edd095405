"""Expressions: what a parameter, a deterministic or a potential is made of.

An expression is an immutable acyclic graph of constants, references and operations
with static shape and dtype. `exmc.ir.construct` makes them.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import EllipsisType
from typing import TYPE_CHECKING, Any, TypeAlias

from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Shape: TypeAlias = tuple[int, ...]

AnyArray: TypeAlias = NDArray[Any]
"""Of float64, int64 or bool."""


@dataclass(frozen=True, slots=True, eq=False)
class Constant:
    """Numbers that belong to the model; float64, int64 or bool, never written to."""

    value: AnyArray

    @property
    def shape(self) -> Shape:
        """Shape of the array."""
        return self.value.shape

    @property
    def dtype(self) -> str:
        """Name of the array's dtype."""
        return self.value.dtype.name


@dataclass(frozen=True, slots=True, eq=False)
class DataRef:
    """The current array of a Data node."""

    name: str
    shape: Shape
    dtype: str


@dataclass(frozen=True, slots=True, eq=False)
class VariableRef:
    """The value of a variable or deterministic, always in the user's own units."""

    name: str
    shape: Shape
    dtype: str = "float64"


@dataclass(frozen=True, slots=True, eq=False)
class Op:
    """A function of `exmc.ir.operations` applied to expressions and literals."""

    function: str
    arguments: tuple[Argument, ...]
    keywords: tuple[tuple[str, Literal], ...]
    shape: Shape
    dtype: str

    @property
    def operands(self) -> tuple[Expression, ...]:
        """The arguments that are expressions."""
        return tuple(a for a in self.arguments if isinstance(a, EXPRESSIONS))


Expression: TypeAlias = Constant | DataRef | VariableRef | Op
EXPRESSIONS = (Constant, DataRef, VariableRef, Op)
Literal: TypeAlias = (
    bool | int | float | str | slice | EllipsisType | tuple["Literal", ...] | None
)
Argument: TypeAlias = Expression | Literal


def toposort(roots: Sequence[Expression]) -> list[Expression]:
    """Return every expression below the roots once, operands first. O(size)."""
    done: dict[int, Expression] = {}
    pending: list[tuple[Expression, bool]] = [(root, False) for root in reversed(roots)]
    while pending:
        expression, ready = pending.pop()
        if id(expression) in done:
            continue
        if ready or not isinstance(expression, Op):
            done[id(expression)] = expression
            continue
        pending.append((expression, True))
        pending.extend((operand, False) for operand in reversed(expression.operands))
    return list(done.values())


def references(*roots: Expression) -> Iterator[DataRef | VariableRef]:
    """Yield each reference below the roots once."""
    for expression in toposort(roots):
        if isinstance(expression, DataRef | VariableRef):
            yield expression
