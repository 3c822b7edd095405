"""Formulas over nodes, written with the operators of arithmetic."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from exmc.gradient.node import Node

if TYPE_CHECKING:
    from collections.abc import Sequence

    from exmc.gradient.builder import Builder

    Operand: TypeAlias = "Term | Node | float"


@dataclass(frozen=True, slots=True, eq=False)
class Term:
    """A node that adds and multiplies, broadcasting as numpy does.

    Attributes:
        build: Makes the nodes.
        node: What it stands for.
    """

    build: Builder
    node: Node

    def of(self, op: str, *others: Operand) -> Term:
        """Return a pointwise operation of this and others."""
        nodes = (self._node(other) for other in others)
        return Term(self.build, self.build.pointwise(op, self.node, *nodes))

    def _node(self, other: Operand) -> Node:
        if isinstance(other, Term):
            return other.node
        return other if isinstance(other, Node) else self.build.const(other)

    def __add__(self, other: Operand) -> Term:
        return self.of("add", other)

    def __radd__(self, other: Operand) -> Term:
        return Term(self.build, self.build.add(self._node(other), self.node))

    def __neg__(self) -> Term:
        return self.of("neg")

    def __sub__(self, other: Operand) -> Term:
        return Term(self.build, self.build.sub(self.node, self._node(other)))

    def __rsub__(self, other: Operand) -> Term:
        return Term(self.build, self.build.sub(self._node(other), self.node))

    def __mul__(self, other: Operand) -> Term:
        return self.of("mul", other)

    def __rmul__(self, other: Operand) -> Term:
        return Term(self.build, self.build.mul(self._node(other), self.node))

    def __truediv__(self, other: Operand) -> Term:
        return Term(self.build, self.build.div(self.node, self._node(other)))

    def __rtruediv__(self, other: Operand) -> Term:
        return Term(self.build, self.build.div(self._node(other), self.node))

    def __pow__(self, exponent: float) -> Term:
        return Term(self.build, self.build.power(self.node, exponent))

    def __abs__(self) -> Term:
        return self.of("abs")

    def __lt__(self, other: Operand) -> Term:
        return self.of("lt", other)

    def __le__(self, other: Operand) -> Term:
        return self.of("le", other)

    def __gt__(self, other: Operand) -> Term:
        return Term(self.build, self._node(other)).of("lt", self)

    def __ge__(self, other: Operand) -> Term:
        return Term(self.build, self._node(other)).of("le", self)

    def equals(self, other: Operand) -> Term:
        """Return 1.0 where both are the same number, else 0.0."""
        return self.of("eq", other)

    def negated(self) -> Term:
        """Return 1.0 where this is 0, else 0.0."""
        return self.of("eq", 0.0)

    def truth(self) -> Term:
        """Return 1.0 where this is not 0, NaN included, else 0.0."""
        return self.negated().negated()

    def chosen(self, yes: Operand, no: Operand) -> Term:
        """Return one where this is not 0, else the other."""
        return self.of("where", yes, no)

    def sum(self, axes: Sequence[int] | None = None) -> Term:
        """Return the sum over axes, all if None are given."""
        return Term(self.build, self.build.sum(self.node, axes))

    def total(self) -> Term:
        """Return the sum of all entries; a number is its own."""
        return self.sum() if self.node.shape else self

    def exp(self) -> Term:
        """Return e to this power."""
        return self.of("exp")

    def log(self) -> Term:
        """Return the natural logarithm."""
        return self.of("log")

    def log1p(self) -> Term:
        """Return the logarithm of 1 + this."""
        return self.of("log1p")

    def sqrt(self) -> Term:
        """Return the square root."""
        return self.of("sqrt")


class TermLanes:
    """Terms as numbers of the elementary functions: see `exmc.numerics.lanes`.

    For functions that ask for arithmetic, choices and logarithms only.
    """

    def __init__(self, build: Builder) -> None:
        """Make nodes by a builder."""
        self._build = build

    def _term(self, x: Operand) -> Term:
        if isinstance(x, Term):
            return x
        return Term(self._build, x if isinstance(x, Node) else self._build.const(x))

    def divide(self, x: Operand, y: Operand) -> Term:
        """Return x / y."""
        return self._term(x) / y

    def equal(self, x: Operand, y: Operand) -> Term:
        """Return 1.0 where x == y, else 0.0."""
        return self._term(x).equals(y)

    def where(self, mask: Term, x: Operand, y: Operand) -> Term:
        """Return x where the mask is not 0, else y."""
        return mask.chosen(x, y)

    def log(self, x: Operand) -> Term:
        """Return the natural logarithm."""
        return self._term(x).log()
