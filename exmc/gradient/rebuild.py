"""Builds a finished program again, now that it is known who reads what."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Final

from exmc.gradient.numbering import live
from exmc.gradient.program import FOLDS, POINTWISE

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from exmc.gradient.node import Node
    from exmc.gradient.plain_builder import PlainBuilder, Rules

MOST = 8
"""Times that a program is built again; more have not been needed."""

ASKING: Final[Mapping[str, frozenset[str]]] = {
    "mul": frozenset(("add", "mul", "where")),
    "add": frozenset(("add",)),
    "view": POINTWISE,
    "sum": frozenset(("add", "sum", "scatter")),
    "amax": frozenset(("amax",)),
}
"""Operations with rules that ask who else reads something, and which operations."""


@dataclass(frozen=True, slots=True)
class Readers:
    """What is known of who reads each node.

    Attributes:
        uses: How many arguments and outputs it is.
        viewed: Whether no reader needs the whole; see PlainBuilder.viewed.
    """

    uses: Mapping[Node, int]
    viewed: Collection[Node]

    def of(self, node: Node) -> tuple[bool, bool]:
        """Return what rules may ask about a node."""
        return self.uses.get(node) == 1, node in self.viewed


NOBODY: Final = Readers({}, ())


def simplified(
    b: PlainBuilder, outputs: Sequence[Node], rules: Rules
) -> tuple[PlainBuilder, tuple[Node, ...]]:
    """Build again until nothing changes; sums of sums that nobody else reads are one.

    Returns:
        The last builder, and the nodes that stand for the outputs.
    """
    found = tuple(outputs)
    readers = NOBODY
    for _ in range(MOST):
        before = found
        b, found, readers = rebuilt(b, found, rules, readers)
        if found == before:
            break
    return b, found


def rebuilt(
    b: PlainBuilder, outputs: Sequence[Node], rules: Rules, before: Readers = NOBODY
) -> tuple[PlainBuilder, tuple[Node, ...], Readers]:
    """Build once more, with the counts of who reads what.

    What no rule changes is not made anew.

    Args:
        b: Where the outputs were made.
        outputs: Of the program.
        rules: To try.
        before: Who read what when these rules were tried before.

    Returns:
        A new builder, the nodes that stand for the outputs, and who reads what.
    """
    order = live(outputs)
    uses = uses_of(order, outputs)
    inner = _absorbed(order, uses)
    readers = Readers(uses, _viewed(order, outputs))
    new = b.fork(rules)
    images: dict[Node, Node] = {}
    for node in order:
        if node in inner:
            continue
        args = _arguments(new, node, inner, images)
        image = new.adopt(node) if args == node.args else node
        if args != node.args or _news(node, before, readers):
            image = new.make(node.op, args, node.shape, node.attributes)
        images[node] = image
        new.uses[image] = new.uses.get(image, 0) + uses[node]
        if node in readers.viewed:
            new.viewed.add(image)
    return new, tuple(images[node] for node in outputs), readers


def _news(node: Node, before: Readers, now: Readers) -> bool:
    """Tell whether a rule might be told something new about what a node reads."""
    asked = ASKING.get(node.op)
    if asked is None:
        return False
    for arg in node.args:
        for x in (arg, *arg.args):
            if x.op in asked and before.of(x) != now.of(x):
                return True
    return False


def uses_of(order: Sequence[Node], outputs: Sequence[Node]) -> Counter[Node]:
    """Return how many arguments and outputs each node is."""
    return Counter(chain(outputs, *(node.args for node in order)))


def _absorbed(order: Sequence[Node], uses: Counter[Node]) -> set[Node]:
    """Return sums and products that become part of the one that reads them."""
    inner: set[Node] = set()
    for node in order:
        if node.op not in FOLDS or _is_multiple(node):
            continue
        for arg in node.args:
            term = arg.args[0] if arg.op == "neg" and node.op == "add" else arg
            like = term.op == node.op and term.shape == node.shape
            if like and uses[arg] == uses[term] == 1 and arg not in inner:
                inner |= {arg, term}
    return inner


def _viewed(order: Sequence[Node], outputs: Sequence[Node]) -> set[Node]:
    """Return nodes of which no reader needs the whole; see PlainBuilder.viewed."""
    needed: set[Node] = {*outputs}
    entries: Counter[Node] = Counter()
    for node in reversed(order):
        whole = node in needed or node.op not in POINTWISE
        for arg in node.args:
            if node.op == "view":
                entries[arg] += node.size
            elif whole:
                needed.add(arg)
            else:
                entries[arg] += entries[node]
    return {x for x in order if x not in needed and 0 < entries[x] <= x.size}


def _is_multiple(node: Node) -> bool:
    """Tell whether a product is a scalar times something, which stays apart."""
    first = node.args[0]
    return node.op == "mul" and (first.op == "const" or first.shape != node.shape)


def _arguments(
    new: PlainBuilder, node: Node, inner: set[Node], images: dict[Node, Node]
) -> tuple[Node, ...]:
    """Return what stands for a node's arguments, those of absorbed ones included."""
    if inner.isdisjoint(node.args):
        return tuple(images[arg] for arg in node.args)
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
