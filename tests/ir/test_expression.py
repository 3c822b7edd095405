from __future__ import annotations

from exmc.ir.construct import constant, op
from exmc.ir.expression import Constant, VariableRef, references, toposort


def test_an_operand_comes_before_its_operation() -> None:
    a, b = VariableRef("a", ()), VariableRef("b", ())
    total = op("add", op("exp", a), b)
    order = toposort([total])
    assert order.index(a) < order.index(total.operands[0]) < order.index(total)
    assert order.index(b) < order.index(total)


def test_a_shared_part_is_listed_once() -> None:
    shared = op("exp", VariableRef("a", ()))
    assert toposort([op("add", shared, shared)]).count(shared) == 1


def test_three_thousand_steps_deep_needs_no_recursion() -> None:
    root = op("add", VariableRef("a", ()), constant(1.0))
    for _ in range(3_000):
        root = op("add", root, root)
    assert len(toposort([root])) == 3_003


def test_references_are_named_once_each() -> None:
    a = VariableRef("a", ())
    assert [r.name for r in references(op("add", a, a), op("exp", a))] == ["a"]


def test_a_constant_knows_its_shape_and_dtype() -> None:
    value = constant([[1, 2, 3]])
    assert isinstance(value, Constant)
    assert (value.shape, value.dtype) == ((1, 3), "int64")


def test_literals_are_not_operands() -> None:
    a = VariableRef("a", (3,))
    assert op("getitem", a, slice(None, 2), ...).operands == (a,)
