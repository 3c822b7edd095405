from __future__ import annotations

import numpy as np
import pytest

from exmc.gradient.layout import laid_out
from exmc.gradient.node import Node
from exmc.gradient.plain_builder import PlainBuilder
from tests.plain.program_evaluator import evaluate

TALL = np.arange(10.0).reshape(5, 2)
Z = np.array([0.5, -1.0, 2.0, 3.0, -0.25])


@pytest.fixture
def b() -> PlainBuilder:
    return PlainBuilder(5)


def changed(b: PlainBuilder, node: Node) -> tuple[list[tuple[int, ...]], Node]:
    """Return the shapes of the data as stored; the value must be the same."""
    vector = b.view(node, (node.size,), 0, (1,))
    outputs = laid_out(b, (b.const(0.0), vector))
    program, data = b.program(*outputs)
    _, right = evaluate(*b.program(b.const(0.0), vector), Z)
    np.testing.assert_array_equal(evaluate(program, data, Z)[1], right)
    return [array.shape for array in data], outputs[1]


def test_data_whose_longest_axis_is_not_the_last_is_turned(b: PlainBuilder) -> None:
    product = b.mul(b.data(TALL), b.view(b.input(), (5, 2), 0, (1, 0)))
    shapes, _ = changed(b, product)
    assert shapes == [(2, 5)]


def test_a_view_that_repeats_it_is_a_view_of_the_turned_data(b: PlainBuilder) -> None:
    table = b.view(b.data(TALL), (5, 3, 2), 0, (2, 0, 1))
    shapes, _ = changed(b, b.make("exp", (table,)))
    assert shapes == [(2, 5)]


def test_axes_of_one_entry_are_not_stored(b: PlainBuilder) -> None:
    data = b.data(TALL.T.reshape(2, 1, 5))
    table = b.view(data, (2, 3, 5), 0, (5, 0, 1))
    shapes, _ = changed(b, b.make("exp", (table,)))
    assert shapes == [(2, 5)]


def test_a_matrix_that_others_need_as_it_is_stays(b: PlainBuilder) -> None:
    data = b.data(TALL)
    both = b.add(
        b.sum(b.apply("project", data, b.data([1.0, 2.0]))), b.sum(b.mul(data, data))
    )
    assert changed(b, both)[0] == [(5, 2), (2,)]


def test_readers_that_disagree_leave_it_alone(b: PlainBuilder) -> None:
    data = b.data(TALL)
    flat = b.view(data, (5,), 5, (1,))
    turned = b.make("exp", (b.view(data, (2, 5), 0, (1, 2)),))
    shapes, _ = changed(b, b.add(b.sum(turned), b.sum(b.make("exp", (flat,)))))
    assert shapes == [(5, 2)]


def test_what_lies_well_is_left_alone(b: PlainBuilder) -> None:
    product = b.mul(b.data(TALL.T), b.view(b.input(), (2, 5), 0, (0, 1)))
    vector = b.view(product, (10,), 0, (1,))
    assert changed(b, product) == ([(2, 5)], vector)
