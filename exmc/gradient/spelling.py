"""The last form of a program: signs and reciprocals where they cost least.

The rules bring all that is equal to one form, so that it is found and cancels. Where
it did not cancel, another form of the same value is cheaper.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from exmc.gradient.numbering import live
from exmc.gradient.rebuild import uses_of
from exmc.gradient.rules.forms import coefficient, scale
from exmc.gradient.rules.linear import LINEAR_IN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from exmc.gradient.node import Node
    from exmc.gradient.plain_builder import PlainBuilder


def spelled(
    b: PlainBuilder, outputs: Sequence[Node]
) -> tuple[PlainBuilder, tuple[Node, ...]]:
    """Build a program a last time, in its cheapest spelling.

    Returns:
        A builder without rules, and the nodes that stand for the outputs.
    """
    order = live(outputs)
    paid = {arg for n in order if n.op != "add" for arg in n.args} | {*outputs}
    uses = uses_of(order, outputs)
    new = b.fork({})
    images: dict[Node, Node] = {}
    for node in order:
        args = tuple(images[arg] for arg in node.args)
        if args == node.args:
            image = new.adopt(node)
        else:
            image = new.make(node.op, args, node.shape, node.attributes)
        image = _spelled(new, image, paid=node in paid)
        images[node] = image
        new.uses[image] = new.uses.get(image, 0) + uses[node]
    return new, tuple(images[node] for node in outputs)


def _spelled(b: PlainBuilder, node: Node, *, paid: bool) -> Node:
    match node.op:
        case "neg" if paid and b.single(node.args[0]):
            return negative(b, node)
        case "recip":
            return reciprocal(b, node)
        case "mul":
            return quotient(b, node)
        case _:
            return node


def negative(b: PlainBuilder, node: Node) -> Node:
    """A sign that no sum takes up goes where one does, or into a scalar factor.

    before: neg(add(x, neg(y)))               after: add(y, neg(x))
    before: neg(mul(s, x))                    after: mul(neg(s), x), s a scalar
    before: neg(project(m, add(x, neg(y))))   after: project(m, add(y, neg(x)))
    """
    x = node.args[0]
    opposite = _opposite(b, x)
    if opposite is not None:
        return opposite
    if x.op == "mul" and x.shape and not x.args[0].shape:
        return b.mul(b.neg(x.args[0]), *x.args[1:])
    return node


def _opposite(b: PlainBuilder, x: Node) -> Node | None:
    """Return -x if it costs no more than x, else None."""
    number, rest = coefficient(x)
    if number != 1.0:
        return scale(b, -number, rest)
    if x.value is not None:
        known = x.op == "const" or b.single(x)
        return b.data(-np.asarray(x.value)) if known else None
    if not b.single(x):
        return None
    return _opposite_sum(b, x) if x.op == "add" else _opposite_inside(b, x)


def _opposite_sum(b: PlainBuilder, x: Node) -> Node | None:
    terms = [_opposite(b, term) for term in x.args]
    if not any(terms):
        return None
    signed = [t or b.neg(term) for t, term in zip(terms, x.args, strict=True)]
    return b.add(*sorted(signed, key=lambda term: term.op == "neg"))


def _opposite_inside(b: PlainBuilder, x: Node) -> Node | None:
    for at in LINEAR_IN.get(x.op, ()):
        inner = _opposite(b, x.args[at])
        if inner is not None:
            args = (inner if i == at else arg for i, arg in enumerate(x.args))
            return b.again(x, *args)
    return None


def reciprocal(b: PlainBuilder, node: Node) -> Node:
    """A reciprocal of an exponential that nobody else needs is an exponential.

    before: recip(exp(mul(0.5, x)))    after: exp(mul(-0.5, x))
    """
    x = node.args[0]
    if x.op != "exp" or not b.single(x):
        return node
    number, rest = coefficient(x.args[0])
    return b.make("exp", (scale(b, -number, rest),))


def quotient(b: PlainBuilder, node: Node) -> Node:
    """Two divisions by scalars that nobody else needs are one.

    before: mul(recip(s), recip(t), x)    after: mul(x, recip(mul(s, t)))
    """
    below = [x for x in node.args if x.op == "recip" and b.single(x)]
    if len(below) < 2 or node.shape:
        return node
    rest = [x for x in node.args if x not in below]
    return b.mul(*rest, b.recip(b.mul(*(x.args[0] for x in below))))
