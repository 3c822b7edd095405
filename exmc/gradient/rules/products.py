"""Products of factors, signs and reciprocals, brought to one form."""

from __future__ import annotations

from itertools import combinations
from math import copysign, inf
from typing import TYPE_CHECKING, Final

from exmc.gradient.rules.forms import (
    check_range,
    coefficient,
    full,
    is_plain,
    number_of,
    repeated,
    repeats,
    scale,
    without,
)

if TYPE_CHECKING:
    from exmc.gradient.node import Node
    from exmc.gradient.plain_builder import PlainBuilder


MANY: Final = 6
"""Factors among which pairs are still looked for."""

UNITS: Final = (0.0, 1.0, -1.0)
"""Numbers that do not stay factors."""


def collected(b: PlainBuilder, node: Node) -> Node | None:
    """Like factors are one power; numbers and scalars stand in front.

    before: mul(x, 2.0, neg(y), recip(x))            after: mul(-2.0, y)
    before: mul(x, 2.0, s, y), s a scalar            after: mul(mul(2.0, s), mul(x, y))
    before: mul(sqrt(x), sqrt(x))                    after: x
    before: mul(exp(x), sigmoid(neg(x)))             after: sigmoid(x)

    What x times its reciprocal is where x is 0 or infinite is given up.
    """
    if _is_settled(*node.args):
        return None
    factors = _Factors(b)
    for arg in node.args:
        factors.take(arg)
    for mend in (_roots, _sizes, _odds):
        mend(b, factors)
    if factors.number == 0.0:
        return full(b, 0.0, node.shape)
    scalars, vectors = factors.sorted()
    mixed = bool(scalars and vectors) and len(node.args) > 2
    if factors.number == 1.0 and (*scalars, *vectors) == node.args and not mixed:
        return None
    return _product(b, node, factors.number, scalars, vectors)


def _is_settled(x: Node, y: Node, *others: Node) -> bool:
    """Tell at a glance, of most pairs that are, whether they are in this form.

    A product is made many times while its factors are; the pairs are most of them.
    """
    if others or not is_plain(y):
        return False
    if x.op == "const":
        return x.value not in UNITS
    if bool(x.shape) == bool(y.shape):
        return is_plain(x) and x.number <= y.number
    return is_plain(x) and not x.shape


def _product(
    b: PlainBuilder, node: Node, c: float, scalars: list[Node], vectors: list[Node]
) -> Node | None:
    """Return mul(mul(number, *scalars), mul(*vectors)) as far as there are such."""
    head = b.mul(*scalars) if scalars else None
    tail = b.mul(*vectors) if vectors else None
    if head is None or tail is None:
        x = head or tail
        if c in {1.0, -1.0} or x is None:
            return b.broadcast(scale(b, c, x or b.const(1.0)), node.shape)
        args = (b.const(c), x)
    elif c == -1.0:
        return b.neg(b.make("mul", (head, tail)))
    else:
        args = (scale(b, c, head), tail)
    if args == node.args:
        return None
    return b.broadcast(b.make("mul", args), node.shape)


class _Factors:
    """A product in the making: a number, and other factors with whole exponents."""

    def __init__(self, b: PlainBuilder) -> None:
        self.b = b
        self.number = 1.0
        self.powers: dict[Node, int] = {}

    def take(self, x: Node, power: int = 1) -> None:
        """Multiply by x, or by its reciprocal if power is -1."""
        known = number_of(x)
        if known is not None:
            factor = known if power > 0 else _inverse(known)
            product = self.number * factor
            check_range(product, self.number, factor)
            self.number = product
        elif x.op == "neg":
            self.number = -self.number
            self.take(x.args[0], power)
        elif x.op == "recip":
            self.take(x.args[0], -power)
        elif x.op == "mul" and self._opens(x):
            for arg in x.args:
                self.take(arg, power)
        else:
            self.include(repeated(self.b, x) if repeats(x) else x, power)

    def include(self, x: Node, power: int) -> None:
        """Multiply by a power of x."""
        self.powers[x] = self.powers.get(x, 0) + power
        if self.powers[x] == 0:
            del self.powers[x]

    def _opens(self, x: Node) -> bool:
        first = x.args[0]
        outer = first.op == "const" or bool(x.shape and not first.shape)
        return outer or self.b.single(x)

    def sorted(self) -> tuple[list[Node], list[Node]]:
        """Return scalar factors and vector ones, the oldest first, data as one."""
        scalars: list[Node] = []
        vectors: list[Node] = []
        data: list[Node] = []
        for x, power in sorted(self.powers.items(), key=lambda item: item[0].number):
            base = x if power > 0 else self.b.recip(x)
            kind = data if base.op == "data" else vectors if base.shape else scalars
            kind += [base] * abs(power)
        if len(data) > 1:
            data = [self.b.mul(*data)]
        return scalars, data + vectors


def _inverse(number: float) -> float:
    return 1.0 / number if number else copysign(inf, number)


def _roots(b: PlainBuilder, factors: _Factors) -> None:  # noqa: ARG001 - one of three
    """Put x for two of sqrt(x)."""
    for x, power in [*factors.powers.items()]:
        if x.op == "sqrt" and abs(power) > 1:
            whole = int(power / 2)
            factors.include(x, -2 * whole)
            factors.include(x.args[0], whole)


def _sizes(b: PlainBuilder, factors: _Factors) -> None:
    """Put x for two of abs(x), or for abs(x) times sign(x); abs(x) for x sign(x)."""
    for x, power in [*factors.powers.items()]:
        if x.op == "abs" and power > 1:
            even = power - power % 2
            factors.include(x, -even)
            factors.include(x.args[0], even)
        if x.op == "sign" and power == 1:
            size = b.make("abs", x.args)
            if factors.powers.get(size, 0) > 0:
                factors.include(size, -1)
                factors.include(x, -1)
                factors.include(x.args[0], 1)
            elif factors.powers.get(x.args[0], 0) > 0:
                factors.include(x.args[0], -1)
                factors.include(x, -1)
                factors.include(size, 1)


def _odds(b: PlainBuilder, factors: _Factors) -> None:
    """Put sigmoid(x) for sigmoid(-x) exp(x), and the reverse."""
    for x, power in [*factors.powers.items()]:
        if x.op != "exp":
            continue
        against, chance = b.neg(x.args[0]), x.args[0]
        if power < 0:
            against, chance = chance, against
        old = b.make("sigmoid", (against,))
        if factors.powers.get(old, 0) > 0:
            factors.include(x, -1 if power > 0 else 1)
            factors.include(old, -1)
            factors.include(b.make("sigmoid", (chance,)), 1)


def shared(b: PlainBuilder, node: Node) -> Node | None:
    """A product of two factors that is needed anyway is used.

    before: mul(x, y, z), where others read mul(x, y)    after: mul(mul(x, y), z)
    """
    if not 2 < len(node.args) <= MANY:
        return None
    for first, second in combinations(node.args, 2):
        if first.shape == second.shape:
            found = b.shared("mul", (first, second), first.shape)
            if found is not None:
                rest = without(node.args, first, second)
                return b.make("mul", (found, *rest))
    return None


def distributed(b: PlainBuilder, node: Node) -> Node | None:
    """A factor goes into a sum where it cancels.

    before: mul(x, add(y, mul(recip(x), z)))    after: add(z, mul(x, y))
    """
    for total in node.args:
        if total.op != "add" or not b.single(total):
            continue
        for x in node.args:
            if x is total or (total.shape and not x.shape and len(node.args) > 2):
                continue
            other = x.args[0] if x.op == "recip" else b.recip(x)
            inside = [t for t in total.args if has_factor(b, t, other)]
            if inside:
                outside = [t for t in total.args if t not in inside]
                parts = [b.mul(x, term) for term in inside]
                parts += [b.mul(x, b.add(*outside))] if outside else []
                rest = without(node.args, x, total)
                whole = b.broadcast(b.add(*parts), node.shape)
                return b.mul(whole, *rest)
    return None


def has_factor(b: PlainBuilder, term: Node, x: Node) -> bool:
    """Tell whether a product, or what is in it and nobody else reads, has a factor."""
    # A list of its own: terms may be deeper in each other than calls may be.
    left = [term]
    seen: set[Node] = set()
    while left:
        node = left.pop()
        if node is x:
            return True
        if node not in seen and (
            node.op in {"mul", "neg"}
            or (node.op in {"where", "add"} and b.single(node))
        ):
            left += node.args[1:] if node.op == "where" else node.args
        seen.add(node)
    return False


def negated(b: PlainBuilder, node: Node) -> Node | None:
    """A sign goes into a number.

    before: neg(neg(x))                  after: x
    before: neg(mul(2.0, x))             after: mul(-2.0, x)
    before: neg(mul(mul(2.0, s), x))     after: mul(mul(-2.0, s), x)
    """
    x = node.args[0]
    number, rest = coefficient(x)
    if number != 1.0:
        return scale(b, -number, rest)
    if x.op == "mul" and not x.args[0].shape:
        number, rest = coefficient(x.args[0])
        if number != 1.0:
            return b.make("mul", (scale(b, -number, rest), *x.args[1:]))
    return None


def reciprocal(b: PlainBuilder, node: Node) -> Node | None:
    """A reciprocal goes inward as far as it needs no more divisions.

    before: recip(recip(x))           after: x
    before: recip(neg(x))             after: neg(recip(x))
    before: recip(mul(2.0, x))        after: mul(0.5, recip(x))
    before: recip(mul(x, x))          after: mul(recip(x), recip(x))
    before: recip(mul(s, t)), both scalars    after: mul(recip(s), recip(t))
    before: recip(pow(x, 3.5))        after: pow(x, -3.5)
    """
    x = node.args[0]
    if x.op == "recip":
        return x.args[0]
    if x.op == "neg":
        return b.neg(b.recip(x.args[0]))
    if x.op == "pow":
        return b.make("pow", (x.args[0], b.neg(x.args[1])))
    if x.op == "mul" and (not x.args[0].shape or len(set(x.args)) == 1):
        return b.mul(*(b.recip(arg) for arg in x.args))
    return None
