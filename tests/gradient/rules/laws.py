"""One table of cases drives one set of laws about rules.

A case is an operation in which a rule finds something. The operation is built without
rules; then the one rule under test is tried on it, by itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from exmc.gradient.node import Node
from exmc.gradient.numbering import live
from exmc.gradient.plain_builder import SHAPED, PlainBuilder, Rule, Rules
from exmc.gradient.rules import products, views
from tests.plain.program_evaluator import evaluate

if TYPE_CHECKING:
    from exmc.gradient.program import DataArray, Program

DIM = 14
FEW = settings(
    max_examples=12,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
)
WIDE = st.floats(-3.0, 3.0)
POSITIVE = st.floats(0.125, 3.0)


@dataclass(frozen=True)
class Atoms:
    """What operations are made of: the input in pieces, and data.

    Attributes:
        b: A builder without rules.
        x: The first five coordinates.
        y: The next five.
        s: A scalar.
        t: Another.
        pair: The last two coordinates.
        d: Data, shape (5,).
        m: Data, shape (2, 5).
        many: Five positions, each 0 or 1.
    """

    b: PlainBuilder
    x: Node
    y: Node
    s: Node
    t: Node
    pair: Node
    d: Node
    m: Node
    many: Node

    def __call__(self, op: str, *args: Node, **more: Any) -> Node:
        return self.b.apply(op, *args, **more)

    def num(self, value: float) -> Node:
        return self.b.const(value)

    def rows(self, v: Node) -> Node:
        """Return v as each of the rows of a matrix of shape (2, 5)."""
        return self.b.view(v, (2, 5), 0, (0, 1))

    def columns(self, v: Node) -> Node:
        """Return v, of two entries, as each of the columns of such a matrix."""
        return self.b.view(v, (2, 5), 0, (1, 0))

    def names(self) -> dict[Node, str]:
        pieces = ("x", "y", "s", "t", "pair", "d", "m", "many")
        return {getattr(self, name): name for name in pieces}


def atoms() -> Atoms:
    b = PlainBuilder(DIM)
    z = b.input()
    x, y, pair = (b.gather(z, b.index(at)) for at in (range(5), range(5, 10), (12, 13)))
    s, t = b.view(z, (), 10, ()), b.view(z, (), 11, ())
    d, m = b.data([0.5, 2.0, -1.0, 4.0, 0.25]), b.data(np.arange(10.0).reshape(2, 5))
    return Atoms(b, x, y, s, t, pair, d, m, b.index([0, 1, 1, 0, 1]))


@dataclass(frozen=True)
class Case:
    """A rule, an operation that it changes, and both as text.

    Attributes:
        rule: The rule.
        build: Makes the operation.
        before: How it looks.
        after: How it looks when the rule has been tried.
        domain: Of the input's entries.
        shared: Whether everything in the operation is read by others as well.
    """

    rule: Rule
    build: Callable[[Atoms], Node]
    before: str
    after: str
    domain: st.SearchStrategy[float] = WIDE
    shared: bool = False

    def __str__(self) -> str:
        return f"{self.rule.__name__}-{self.before}"


TIDYING: Rules = {"view": (views.whole, views.view_of_view), "neg": (products.negated,)}
"""Rules that are always at hand, so that answers can be read."""


def applied(case: Case, a: Atoms, node: Node) -> Node:
    """Return what one rule makes of an operation."""
    if not node.args:
        return PlainBuilder(DIM, {node.op: [case.rule]}).data(node.value)  # type: ignore[arg-type]
    tidy = TIDYING.get(node.op, ())
    new = a.b.fork({**TIDYING, node.op: [*tidy, case.rule]})
    within = live([node])
    for x in within:
        new.adopt(x)
    if not case.shared:
        new.uses = Counter(arg for x in within for arg in x.args)
        new.viewed = {x for x in within if x.op not in {"view", "data", "index"}}
    return new.make(node.op, node.args, node.shape, node.attributes)


def shown(node: Node, names: dict[Node, str]) -> str:
    """Return a node as a formula."""
    if node in names:
        return names[node]
    if node.op == "const":
        return f"{node.value}"
    if node.value is not None:
        return f"{node.op} {np.asarray(node.value).tolist()}"
    args = ", ".join(shown(arg, names) for arg in node.args)
    more = "".join(f" {k}={v}".replace(", ", ",") for k, v in node.attributes)
    shape = f" : {list(node.shape)}" if node.op in SHAPED else ""
    return f"{node.op}({args}{more}{shape})"


def program_of(a: Atoms, node: Node) -> tuple[Program, list[DataArray]]:
    """Return a program whose vector is a node's value, flat."""
    b = a.b.fork({})
    return b.program(b.const(0.0), b.view(node, (node.size,), 0, (1,)))


def check_text(case: Case) -> None:
    """Fail unless the rule does to the operation what the case says."""
    a = atoms()
    node = case.build(a)
    assert shown(node, a.names()) == case.before
    assert shown(applied(case, a, node), a.names()) == case.after


def check_value(case: Case) -> None:
    """Fail if the rule changes the value, or the shape, at some point."""
    a = atoms()
    node = case.build(a)
    after = applied(case, a, node)
    assert after.shape == node.shape

    old, new = program_of(a, node), program_of(a, after)

    @FEW
    @given(st.lists(case.domain, min_size=DIM, max_size=DIM))
    def compare(z: list[float]) -> None:
        _, right = evaluate(*old, z)
        _, found = evaluate(*new, z)
        np.testing.assert_allclose(found, right, rtol=1e-9, atol=1e-9)

    compare()


class RuleLaws:
    """Subclass with a table of cases, as parameters; the laws hold for each."""

    def test_what_it_does_is_what_is_written(self, case: Case) -> None:
        check_text(case)

    def test_the_value_is_unchanged(self, case: Case) -> None:
        check_value(case)
