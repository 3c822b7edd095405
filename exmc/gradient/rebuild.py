"""Builds a finished program again, now that it is known who reads what."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from exmc.gradient.numbering import live
from exmc.gradient.program import FOLDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from exmc.gradient.node import Node
    from exmc.gradient.plain_builder import PlainBuilder, Rules

MOST = 4
"""Times that a program is built again; more have not been needed."""


def simplified(
    b: PlainBuilder, outputs: Sequence[Node], rules: Rules
) -> tuple[PlainBuilder, tuple[Node, ...]]:
    """Build again until nothing changes; sums of sums that nobody else reads are one.

    Returns:
        The last builder, and the nodes that stand for the outputs.
    """
    found = tuple(outputs)
    shape = _outline(found)
    for _ in range(MOST):
        b, found = rebuilt(b, found, rules)
        before, shape = shape, _outline(found)
        if shape == before:
            break
    return b, found


def rebuilt(
    b: PlainBuilder, outputs: Sequence[Node], rules: Rules
) -> tuple[PlainBuilder, tuple[Node, ...]]:
    """Build once more, with the counts of who reads what."""
    order = live(outputs)
    uses = uses_of(order, outputs)
    new = b.fork(rules)
    images: dict[Node, Node] = {}
    inner = _absorbed(order, uses)
    for node in order:
        if node in inner:
            continue
        if not node.args:
            images[node] = image = node
        else:
            args = _arguments(new, node, inner, images)
            image = images[node] = new.make(node.op, args, node.shape, node.attributes)
        new.uses[image] = new.uses.get(image, 0) + uses[node]
    return new, tuple(images[node] for node in outputs)


def uses_of(order: Sequence[Node], outputs: Sequence[Node]) -> Counter[Node]:
    """Return how many arguments and outputs each node is."""
    uses = Counter(outputs)
    for node in order:
        uses.update(node.args)
    return uses


def _absorbed(order: Sequence[Node], uses: Counter[Node]) -> set[Node]:
    """Return sums and products that become part of the one that reads them."""
    inner: set[Node] = set()
    for node in order:
        if node.op not in FOLDS or node.shape != node.args[0].shape:
            continue
        for arg in node.args:
            term = arg.args[0] if arg.op == "neg" and node.op == "add" else arg
            like = term.op == node.op and term.shape == node.shape
            if like and uses[arg] == uses[term] == 1 and arg not in inner:
                inner |= {arg, term}
    return inner


def _arguments(
    new: PlainBuilder, node: Node, inner: set[Node], images: dict[Node, Node]
) -> tuple[Node, ...]:
    """Return what stands for a node's arguments, those of absorbed ones included."""
    args: list[Node] = []
    stack = [(arg, False) for arg in reversed(node.args)]
    while stack:
        arg, negative = stack.pop()
        if arg not in inner:
            args.append(new.neg(images[arg]) if negative else images[arg])
        elif arg.op == "neg":
            stack.append((arg.args[0], not negative))
        else:
            stack.extend((term, negative) for term in reversed(arg.args))
    return tuple(args)


def _outline(outputs: Sequence[Node]) -> list[object]:
    """Return what a program looks like, the same for the same program."""
    numbers: dict[Node, int] = {}
    outline: list[object] = []
    for node in live(outputs):
        numbers[node] = len(numbers)
        args = tuple(numbers[arg] for arg in node.args)
        own = node.attributes if node.args else id(node)
        outline.append((node.op, args, node.shape, own))
    return outline
