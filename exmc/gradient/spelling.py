"""The last form of a program: signs and reciprocals where they cost least.

The rules bring all that is equal to one form, so that it is found and cancels. Where
it did not cancel, another form of the same value is cheaper.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from exmc.gradient.numbering import live
from exmc.gradient.rebuild import uses_of
from exmc.gradient.rules.forms import coefficient, scale

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
    new = b.fork({})
    images: dict[Node, Node] = {}
    for node, count in uses_of(order, outputs).items():
        if not node.args:
            new.uses[node] = count
    uses = uses_of(order, outputs)
    for node in order:
        if not node.args:
            images[node] = node
            continue
        args = tuple(images[arg] for arg in node.args)
        plain = new.make(node.op, args, node.shape, node.attributes)
        images[node] = image = _spelled(new, plain, node in paid)
        new.uses[image] = new.uses.get(image, 0) + uses[node]
    return new, tuple(images[node] for node in outputs)


def _spelled(b: PlainBuilder, node: Node, paid: bool) -> Node:  # noqa: FBT001 - its one caller has it
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
    """A sign that no sum takes up goes into a sum, or into a scalar factor.

    before: neg(add(x, neg(y)))    after: add(y, neg(x))
    before: neg(mul(s, x))         after: mul(neg(s), x), s a scalar
    """
    x = node.args[0]
    if x.op == "mul" and x.shape and not x.args[0].shape:
        return b.mul(scale(b, -1.0, x.args[0]), *x.args[1:])
    if x.op != "add" or all(coefficient(term)[0] == 1.0 for term in x.args):
        return node
    terms = [_opposite(b, term) for term in x.args]
    return b.add(*sorted(terms, key=lambda term: term.op == "neg"))


def _opposite(b: PlainBuilder, term: Node) -> Node:
    if isinstance(term.value, float):
        return b.const(-term.value)
    number, x = coefficient(term)
    return scale(b, -number, x)


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
