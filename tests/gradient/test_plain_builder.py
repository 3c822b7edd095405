from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from exmc.gradient.node import Node
from exmc.gradient.plain_builder import PlainBuilder
from tests.gradient.programs import Case, programs
from tests.gradient.replay import replayed
from tests.plain.program_evaluator import evaluate

few = settings(max_examples=8, derandomize=True, database=None, deadline=None)


@pytest.fixture
def b() -> PlainBuilder:
    return PlainBuilder(6)


def value(b: PlainBuilder, node: Node, z: Any) -> Any:
    flat = b.view(node, (node.size,), 0, (1,))
    _, vector = evaluate(*b.program(b.const(0.0), flat), z)
    return vector.reshape(node.shape)


def test_equal_operations_are_one_node(b: PlainBuilder) -> None:
    x = b.input()
    assert b.input() is x
    assert b.make("exp", (x,)) is b.make("exp", (x,))
    assert b.sum(x) is b.apply("sum", x, axes=(0,))


def test_numbers_that_differ_in_a_bit_are_two(b: PlainBuilder) -> None:
    assert b.const(1.0) is b.const(1)
    assert b.const(0.0) is not b.const(-0.0)
    assert b.const(float("nan")) is b.const(float("nan"))


def test_equal_data_is_one_slot_and_no_view_of_the_callers_array(
    b: PlainBuilder,
) -> None:
    mine = np.arange(3.0)
    data = b.data(mine)
    assert b.data([0.0, 1.0, 2.0]) is data
    assert b.data([[0.0, 1.0, 2.0]]) is not data
    assert b.index([0, 1, 2]) is not data
    mine[0] = 7.0
    assert b.data([0.0, 1.0, 2.0]) is data
    assert not np.asarray(data.value).flags.writeable


def test_data_of_no_axes_is_a_number(b: PlainBuilder) -> None:
    assert b.data(2.5) is b.const(2.5)


def test_arguments_that_do_not_fit_are_refused(b: PlainBuilder) -> None:
    with pytest.raises(ValueError, match="add does not take arguments of shapes"):
        b.make("add", (b.input(), b.data([1.0, 2.0])))
    with pytest.raises(ValueError, match=r"Shape \(6,\) does not broadcast to \(3,\)"):
        b.broadcast(b.input(), (3,))


def test_pointwise_operations_broadcast_as_numpy_does(b: PlainBuilder) -> None:
    rows, columns = np.arange(3.0).reshape(1, 3), np.arange(2.0).reshape(2, 1)
    total = b.add(b.data(rows), b.data(columns), b.const(1.0))
    np.testing.assert_array_equal(value(b, total, np.zeros(6)), rows + columns + 1.0)


@pytest.mark.parametrize(
    ("build", "by_numpy"),
    [
        (lambda b, x: b.sub(x, b.const(1.0)), lambda x: x - 1.0),
        (lambda b, x: b.div(b.const(1.0), x), lambda x: 1.0 / x),
        (lambda b, x: b.power(x, 3.0), lambda x: x**3),
        (lambda b, x: b.add(x), lambda x: x),
        (lambda b, x: b.mul(x), lambda x: x),
        (lambda b, x: b.reshape(x, (3, 2)), lambda x: x.reshape(3, 2)),
        (lambda b, x: b.transpose(b.reshape(x, (3, 2))), lambda x: x.reshape(3, 2).T),
        (
            lambda b, x: b.transpose(b.reshape(x, (1, 3, 2)), (2, 0, 1)),
            lambda x: x.reshape(1, 3, 2).transpose(2, 0, 1),
        ),
        (lambda b, x: b.broadcast(x, (2, 6)), lambda x: np.stack([x, x])),
        (lambda b, x: b.gather(x, b.index([[5], [0]])), lambda x: x[[[5], [0]]]),
        (
            lambda b, x: b.scatter(x, b.index([0, 1, 0, 1, 0, 1]), (2,)),
            lambda x: np.array([x[::2].sum(), x[1::2].sum()]),
        ),
        (
            lambda b, x: b.assemble([x], [(1, (1,))], (8,)),
            lambda x: np.concatenate([[0.0], x, [0.0]]),
        ),
        (
            lambda b, x: b.sum(b.reshape(x, (3, 2)), (-1,)),
            lambda x: x.reshape(3, 2).sum(1),
        ),
        (lambda b, x: b.sum(x, ()), lambda x: x),
        (lambda b, x: b.amax(x), np.max),
        (
            lambda b, x: b.matrix_vector(b.data(np.eye(8, 6)), x),
            lambda x: np.concatenate([x, [0.0, 0.0]]),
        ),
        (
            lambda b, x: b.matrix_vector(b.data(np.ones((2, 6))), x),
            lambda x: [x.sum()] * 2,
        ),
    ],
)
def test_conveniences_mean_what_they_mean_in_numpy(
    b: PlainBuilder, build: Any, by_numpy: Any
) -> None:
    z = np.array([0.5, -1.0, 2.0, 3.0, -0.25, 1.5])
    found = value(b, build(b, b.input()), z)
    np.testing.assert_allclose(found, by_numpy(z), rtol=1e-15)


@few
@given(programs())
def test_a_program_built_again_is_the_same_program(case: Case) -> None:
    once = PlainBuilder(case.program.dim)
    program, data = once.program(*replayed(once, case.program, case.data))
    twice = PlainBuilder(case.program.dim)
    again, _ = twice.program(*replayed(twice, program, data))
    assert again == program


def test_the_operation_of_a_node_is_made_on_other_arguments(b: PlainBuilder) -> None:
    x = b.input()
    view = b.view(x, (2,), 1, (1,))
    other = b.make("exp", (x,))
    assert b.again(view, other) is b.view(other, (2,), 1, (1,))


def test_a_rule_is_asked_once_and_its_answer_kept() -> None:
    asked = []

    def halves(b: PlainBuilder, node: Node) -> Node | None:
        asked.append(node)
        return b.mul(b.const(0.5), node.args[0])

    b = PlainBuilder(2, {"sqrt": [halves]})
    x = b.input()
    assert b.make("sqrt", (x,)) is b.make("sqrt", (x,))
    assert b.make("sqrt", (x,)).op == "mul"
    assert len(asked) == 1


def test_rules_that_undo_each_other_come_to_an_end() -> None:
    def one_more(b: PlainBuilder, node: Node) -> Node:
        return b.make("exp", (b.add(node.args[0], b.const(1.0)),))

    b = PlainBuilder(2, {"exp": [one_more]})
    assert b.make("exp", (b.input(),)).op == "exp"


def test_a_fork_shares_leaves_and_has_its_own_rules(b: PlainBuilder) -> None:
    fork = b.fork({"neg": [lambda _b, node: node.args[0]]})
    x, data = b.input(), b.data([1.0, 2.0])
    assert (fork.input(), fork.data([1.0, 2.0])) == (x, data)
    assert fork.neg(x) is x
    assert b.neg(x) is not x


def test_a_node_that_is_adopted_stands_for_itself_unless_another_does(
    b: PlainBuilder,
) -> None:
    y = b.make("exp", (b.input(),))
    fork = b.fork({})
    assert fork.adopt(y) is y
    assert fork.make("exp", (b.input(),)) is y
    other = b.fork({}).make("exp", (b.input(),))
    assert other is not y
    assert fork.adopt(other) is y


def test_a_node_is_single_if_it_is_known_to_be_read_once(b: PlainBuilder) -> None:
    x = b.input()
    assert not b.single(x)
    b.uses[x] = 1
    assert b.single(x)
