"""Random formulas in which rules find something: few atoms, many repetitions.

A program of `programs.py` covers every op, but seldom meets itself again. Here the same
few values are added, multiplied, inverted, exponentiated, summed and read in parts, so
that terms collect, factors cancel and functions meet their inverses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from hypothesis import strategies as st

from exmc.gradient.plain_builder import PlainBuilder
from tests.gradient.programs import Case

if TYPE_CHECKING:
    from exmc.gradient.node import Node

LENGTH = 9
ROWS = 3

CURVES = ("exp", "log", "sigmoid", "softplus", "sqrt", "recip", "neg", "abs", "log1p")


def bounded(b: PlainBuilder, x: Node) -> Node:
    """Put 1/4 + sigmoid(x) in the place of x: positive, and neither large nor small."""
    return b.add(b.const(0.25), b.make("sigmoid", (x,)))


class Formula:
    """A formula in the making: what may be used again."""

    def __init__(self, draw: Any) -> None:
        self.draw = draw
        self.b = b = PlainBuilder(2 + 2 * LENGTH)
        z = b.input()
        s, t = (bounded(b, b.view(z, (), at, ())) for at in (0, 1))
        x, y = (b.view(z, (LENGTH,), 2 + at * LENGTH, (1,)) for at in (0, 1))
        self.index = b.index(np.arange(2 * LENGTH) % 4)
        self.rng = np.random.Generator(np.random.PCG64(draw(st.integers(0, 99))))
        data = b.data(0.5 + self.rng.random(LENGTH))
        self.scalars = [s, t, b.const(2.0), b.const(1.0), b.const(-0.5)]
        self.vectors = [x, y, bounded(b, x), bounded(b, y), data]
        self.positive = {*self.scalars[:4], *self.vectors[2:]}

    def pick(self, nodes: list[Node]) -> Node:
        number: int = self.draw(st.integers(0, len(nodes) - 1))
        return nodes[number]

    def any(self) -> Node:
        return self.pick([*self.scalars, *self.vectors, *self.vectors[-2:]])

    def step(self) -> None:
        kind = self.draw(st.sampled_from(STEPS))
        made = kind(self)
        (self.vectors if made.shape else self.scalars).append(made)

    def curve(self) -> Node:
        """A function of one argument, on its domain."""
        op, x = self.draw(st.sampled_from(CURVES)), self.any()
        if op in {"log", "sqrt", "recip", "log1p"} and x not in self.positive:
            x = bounded(self.b, x)
        elif op == "exp" and x not in self.positive:
            x = self.b.make("log", (bounded(self.b, x),))
        made = self.b.make(op, (x,))
        if x in self.positive and op in {"exp", "sqrt", "recip", "abs"}:
            self.positive.add(made)
        return made

    def sum(self) -> Node:
        """A sum of two to four terms."""
        count = self.draw(st.integers(2, 4))
        signed = [self.any() for _ in range(count)]
        return self.b.add(*(self.b.neg(x) if self.coin() else x for x in signed))

    def product(self) -> Node:
        """A product of two or three factors, some of them reciprocals."""
        factors = []
        for _ in range(self.draw(st.integers(2, 3))):
            x = self.any()
            turned = x in self.positive and self.coin()
            factors.append(self.b.recip(x) if turned else x)
        made = self.b.mul(*factors)
        if all(x in self.positive or x.op == "recip" for x in factors):
            self.positive.add(made)
        return made

    def choice(self) -> Node:
        """A choice between two values, or a value and zero."""
        other = self.b.const(0.0) if self.coin() else self.any()
        condition = self.b.pointwise("lt", self.any(), self.any())
        sides = (self.any(), other) if self.coin() else (other, self.any())
        return self.b.pointwise("where", condition, *sides)

    def total(self) -> Node:
        """A mean, so that it stays moderate."""
        x = self.pick(self.vectors)
        return self.b.mul(self.b.const(0.125), self.b.sum(x))

    def part(self) -> Node:
        """Some entries, put back into as many as there were, or one of them."""
        b, x = self.b, self.pick(self.vectors)
        start = self.draw(st.integers(0, LENGTH - 4))
        piece = b.view(x, (4,), start, (1,))
        match self.draw(st.integers(0, 3)):
            case 0:
                return b.view(x, (), start, ())
            case 1:
                other = self.pick(self.scalars)
                return b.assemble([piece, other], [(1, (1,)), (7, ())], (LENGTH,))
            case 2:
                return b.assemble([piece], [(start, (1,))], (LENGTH,))
            case _:
                gathered = b.gather(piece, self.index)
                return b.view(gathered, (LENGTH,), start, (1,))

    def count(self) -> Node:
        """Entries read often, changed, and added up where they came from."""
        b, x = self.b, self.pick(self.vectors)
        often = b.gather(b.view(x, (4,), 0, (1,)), self.index)
        other = b.gather(b.view(self.pick(self.vectors), (4,), 1, (1,)), self.index)
        back = b.scatter(b.mul(self.pick(self.scalars), often, other), self.index, (4,))
        return b.assemble([b.mul(b.const(0.25), back)], [(2, (1,))], (LENGTH,))

    def table(self) -> Node:
        """A matrix of rows and columns, summed along one of them."""
        b, shape = self.b, (ROWS, LENGTH)
        row = b.view(self.pick(self.vectors), shape, 0, (0, 1))
        column = b.view(self.pick(self.vectors), shape, 0, (1, 0))
        data = b.data(self.rng.standard_normal(shape))
        cells = b.mul(*(x for x in (row, column, data) if self.coin()), row)
        if self.coin():
            cells = b.add(cells, column)
        if self.coin():
            return b.mul(b.const(0.25), b.sum(cells, (0,)))
        sums = b.mul(b.const(0.125), b.sum(cells, (1,)))
        return b.assemble([sums], [(0, (2,))], (LENGTH,))

    def coin(self) -> bool:
        return bool(self.draw(st.booleans()))


STEPS = (
    *[Formula.curve, Formula.sum, Formula.product] * 2,
    Formula.choice,
    Formula.total,
    Formula.part,
    Formula.count,
    Formula.table,
)


@st.composite
def formulas(draw: Any) -> Case:
    """Draw a formula of up to ten steps, as a program that nothing has simplified."""
    formula = Formula(draw)
    for _ in range(draw(st.integers(2, 10))):
        formula.step()
    b = formula.b
    scalar = b.add(*formula.scalars[-3:], b.sum(formula.vectors[-1]))
    vector = b.add(*formula.vectors[-3:])
    program, data = b.program(scalar, vector)
    z = formula.rng.standard_normal(b.dim)
    return Case(program, tuple(data), z)
