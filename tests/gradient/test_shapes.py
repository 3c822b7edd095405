from __future__ import annotations

import pytest
from hypothesis import given, settings

from exmc.gradient.node import Node
from exmc.gradient.shapes import leaf_shape, shape_of, strides_of
from tests.gradient.programs import Case, programs

few = settings(max_examples=6, derandomize=True, database=None, deadline=None)


def leaf(*shape: int) -> Node:
    return Node("input", (), shape)


INDEX = Node("index", (), (4,))


@few
@given(programs())
def test_the_shape_of_every_operation_is_found(case: Case) -> None:
    nodes: list[Node] = []
    for _, instruction in case.program:
        args = tuple(nodes[number] for number in instruction.args)
        op = instruction.op
        if op == "data" and case.data[instruction["slot"]].dtype.kind == "i":  # type: ignore[index]
            op = "index"
        node = Node(op, args, instruction.shape, instruction.attributes)
        nodes.append(node)
        if args:
            assert shape_of(node) == instruction.shape


@pytest.mark.parametrize(
    "node",
    [
        Node("add", (leaf(3), leaf(4)), (3,)),
        Node("add", (leaf(3),), (3,)),
        Node("exp", (leaf(3), leaf(3)), (3,)),
        Node("exp", (leaf(3),), (3,), (("axes", (0,)),)),
        Node("where", (leaf(3), leaf(3)), (3,)),
        Node("mul", (INDEX, leaf(4)), (4,)),
        Node("view", (leaf(3),), (2,), (("offset", 2), ("strides", (1,)))),
        Node("view", (leaf(3),), (2,), (("offset", 0), ("strides", (-1,)))),
        Node("view", (leaf(3),), (2,), (("offset", 0), ("strides", ()))),
        Node("view", (leaf(3),), (2,), (("offset", 0),)),
        Node("gather", (leaf(3), leaf(3)), (3,)),
        Node("scatter", (leaf(3), INDEX), (3,)),
        Node("assemble", (leaf(3),), (4,), (("places", ((2, (1,)),)),)),
        Node("assemble", (leaf(3),), (4,), (("places", ()),)),
        Node("sum", (leaf(3),), (), (("axes", (1,)),)),
        Node("sum", (leaf(3, 3),), (), (("axes", (1, 0)),)),
        Node("combine", (leaf(2, 3), leaf(3)), (3,)),
        Node("project", (leaf(2, 3), leaf(2)), (2,)),
        Node("recur", (leaf(3), leaf(4)), (4,), (("reverse", False),)),
        Node("cholesky", (leaf(2, 3),), (2, 3)),
        Node("cholesky", (leaf(2, 2), leaf(2, 2)), (2, 2)),
        Node("cholesky_back", (leaf(2, 2),), (2, 2)),
        Node("solve_lower", (leaf(2, 2), leaf(3)), (3,), (("transposed", False),)),
        Node("gaussian", (leaf(2, 2), leaf(3)), (7,)),
    ],
    ids=str,
)
def test_arguments_that_do_not_fit_are_refused(node: Node) -> None:
    with pytest.raises(
        ValueError, match=f"{node.op} does not take arguments of shapes"
    ):
        shape_of(node)


def test_strides_are_those_of_row_major_order() -> None:
    assert strides_of((2, 3, 4)) == (12, 4, 1)
    assert strides_of(()) == ()


def test_leaves_have_the_shapes_of_what_they_stand_for() -> None:
    slots = [("float64", (2, 3))]
    assert leaf_shape(Node("input", (), ()), 7, slots) == (7,)
    assert leaf_shape(Node("const", (), (), (("value", 1.0),)), 7, slots) == ()
    assert leaf_shape(Node("data", (), (), (("slot", 0),)), 7, slots) == (2, 3)
    with pytest.raises(LookupError):
        leaf_shape(Node("exp", (), ()), 7, slots)
