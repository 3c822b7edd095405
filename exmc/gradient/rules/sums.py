"""Sums of terms, brought to one form."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from exmc.gradient.rules.forms import (
    coefficient,
    is_plain,
    multiple,
    number_of,
    repeated,
    scale,
    times,
    without,
)

if TYPE_CHECKING:
    from exmc.gradient.node import Node
    from exmc.gradient.plain_builder import PlainBuilder

    Terms: TypeAlias = "dict[tuple[Node | None, Node], float]"


def collected(b: PlainBuilder, node: Node) -> Node | None:
    """Like terms are one term; numbers, scalars and data are one term each.

    before: add(x, 1.0, neg(y), mul(2.0, x), 2.0)
    after:  add(3.0, mul(3.0, x), neg(y))
    before: add(neg(x), y)     after: neg(add(x, neg(y))), if x is older than y
    before: add(mul(2.0, x), mul(2.0, y))    after: mul(2.0, add(x, y))
    before: add(mul(s, v), mul(s, w)), s a scalar, v and w not
    after:  mul(s, add(v, w))
    """
    if not node.shape and _is_settled(*node.args):
        return None
    number, terms = _collect(b, node)
    joined = _joined(b, number, terms)
    if joined is not None:
        return b.broadcast(joined, node.shape)
    sign = 1.0 if number or not terms else _sign(terms)
    args = _terms(b, node, sign * number, {k: sign * c for k, c in terms.items()})
    if len(args) == 1:
        return scale(b, sign, b.broadcast(args[0], node.shape))
    if args == node.args:
        return None
    return scale(b, sign, b.broadcast(b.add(*args), node.shape))


def _is_settled(x: Node, y: Node, *others: Node) -> bool:
    """Tell at a glance, of most pairs of scalars that are, whether they are so.

    A sum is made many times while its terms are; the pairs are most of them.
    """
    term = y.args[0] if y.op == "neg" else y
    if others or not is_plain(term):
        return False
    if x.op == "const":
        return x.value != 0.0
    return is_plain(x) and x.number < term.number


def _collect(b: PlainBuilder, node: Node) -> tuple[float, Terms]:
    """Return the sum of the numbers, and the coefficient of each other term."""
    number = 0.0
    terms: Terms = {}
    for term in node.args:
        c, x = coefficient(term)
        known = number_of(x)
        if known is not None:
            number += c * known
            continue
        more, scalar, vector = multiple(b, repeated(b, x))
        key = (scalar, vector)
        terms[key] = terms.get(key, 0.0) + c * more
    return number, {key: c for key, c in terms.items() if c != 0.0}


def _joined(b: PlainBuilder, number: float, terms: Terms) -> Node | None:
    """Return the sum with terms that have one coefficient as one term, if there are."""
    groups: dict[float, list[tuple[Node | None, Node]]] = {}
    for key, c in terms.items():
        if abs(c) != 1.0:
            groups.setdefault(abs(c), []).append(key)
    if all(len(group) == 1 for group in groups.values()):
        return None
    parts = [b.const(number)] if number else []
    parts += [times(b, c, *key) for key, c in terms.items() if abs(c) == 1.0]
    for size, group in groups.items():
        inner = [times(b, terms[key] / size, *key) for key in group]
        parts.append(scale(b, size, b.add(*inner)))
    return b.add(*parts)


def _sign(terms: Terms) -> float:
    """Return the sign that makes the oldest term positive; data has no say."""
    if any(vector.op == "data" for _, vector in terms):
        return 1.0
    oldest = min(terms, key=_age)
    return 1.0 if terms[oldest] > 0.0 else -1.0


def _age(key: tuple[Node | None, Node]) -> tuple[int, int]:
    scalar, vector = key
    return vector.number, scalar.number if scalar else -1


def _terms(
    b: PlainBuilder, node: Node, number: float, terms: Terms
) -> tuple[Node, ...]:
    """Return the terms in order: number or scalar, positive ones, negative ones."""
    items = sorted(terms.items(), key=lambda item: _age(item[0]))
    numbers = [b.const(number)] if number else []
    if node.shape:
        scalars = numbers + [times(b, c, *k) for k, c in items if not k[1].shape]
        first = [b.add(*scalars)] if scalars else []
        vectors = _grouped(b, [item for item in items if item[0][1].shape])
        found = _with_data(b, first, vectors)
    else:
        found = numbers + [times(b, c, *key) for key, c in items]
    ordered = sorted(found, key=lambda term: term.op == "neg")
    return tuple(ordered) or (b.const(0.0),)


def _grouped(
    b: PlainBuilder, items: list[tuple[tuple[Node | None, Node], float]]
) -> list[Node]:
    """Return vector terms, those that are multiples of one scalar as one multiple."""
    groups: dict[Node | None, list[tuple[float, Node]]] = {}
    for (scalar, vector), c in items:
        groups.setdefault(scalar, []).append((c, vector))
    terms: list[Node] = []
    for scalar, group in groups.items():
        if scalar is None or len(group) == 1:
            terms += [times(b, c, scalar, vector) for c, vector in group]
        else:
            inner = b.add(*(scale(b, c, vector) for c, vector in group))
            terms.append(b.mul(scalar, inner))
    return terms


def _with_data(b: PlainBuilder, first: list[Node], vectors: list[Node]) -> list[Node]:
    """Return all terms, the data among them as one with a number, if there is one."""
    data = [x for x in vectors if x.op == "data"]
    if first and data and number_of(first[0]) is not None:
        data.append(first.pop())
    if len(data) < 2:
        return [*first, *vectors]
    return [*first, b.add(*data), *(x for x in vectors if x.op != "data")]


def opened(b: PlainBuilder, node: Node) -> Node | None:
    """A multiple of a sum is opened where one of its terms meets its like.

    before: add(x, mul(3.0, add(x, y))), all scalars
    after:  add(x, mul(3.0, x), mul(3.0, y))
    """
    if node.shape:
        return None
    bases = {_base(term) for term in node.args}
    for term in node.args:
        c, total = coefficient(term)
        if total.op != "add" or not b.single(total):
            continue
        if bases.isdisjoint(map(_base, total.args)):
            continue
        inside = (scale(b, c, x) for x in total.args)
        return b.add(*without(node.args, term), *inside)
    return None


def _base(term: Node) -> Node | None:
    """Return what a term is a multiple of; None for a number."""
    return None if number_of(term) is not None else coefficient(term)[1]


def without_sigmoid(b: PlainBuilder, node: Node) -> Node | None:
    """Return the chance of the other event without cancellation.

    before: add(1.0, neg(sigmoid(x)))    after: sigmoid(neg(x))
    before: add(2.0, mul(-2.0, sigmoid(x)))    after: mul(2.0, sigmoid(neg(x)))
    """
    if len(node.args) != 2:
        return None
    number = number_of(node.args[0])
    c, x = coefficient(node.args[1])
    if number is None or c != -number or x.op != "sigmoid":
        return None
    return scale(b, number, b.make("sigmoid", (b.neg(x.args[0]),)))
