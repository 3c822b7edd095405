from __future__ import annotations

from typing import Any

import pytest

from exmc.gradient.node import Node
from exmc.gradient.plain_builder import PlainBuilder
from tests.gradient.llvm.machine import (
    PROCESSORS,
    assert_strict_bits,
    case_of,
    numbers,
    vector_of,
)

pytestmark = pytest.mark.native

COLUMNS = [5, 8, 20, 32, 33, 64, 103]
"""Below, at and above a panel of 32, with and without a rest."""


def logistic(rows: int, columns: int) -> Any:
    """The usual: both products with one matrix, and a function in between."""

    def make(b: PlainBuilder, z: Node) -> tuple[Node, Node]:
        matrix = b.data(numbers(rows, columns))
        predictor = b.apply("combine", matrix, z)
        error = b.add(b.data(numbers(columns, seed=2)), b.pointwise("tanh", predictor))
        total = b.sum(b.mul(error, predictor))
        return total, b.add(b.apply("project", matrix, error), z)

    return case_of(make, rows)


@pytest.mark.parametrize("columns", COLUMNS)
def test_panels_change_no_bit(columns: int) -> None:
    for processor in PROCESSORS:
        assert_strict_bits(logistic(12, columns), processor)


@pytest.mark.parametrize("columns", [20, 70])
@pytest.mark.parametrize("op", ["combine", "project"])
def test_either_product_may_stand_alone(op: str, columns: int) -> None:
    dim = 11 if op == "combine" else columns
    matrix = numbers(11, columns)
    assert_strict_bits(vector_of(lambda b, z: b.apply(op, b.data(matrix), z), dim))


def test_two_matrices_may_share_a_pass() -> None:
    def make(b: PlainBuilder, z: Node) -> Node:
        first, second = (b.data(numbers(k, 45, seed=k)) for k in (10, 3))
        head, tail = b.view(z, (10,), 0, (1,)), b.view(z, (3,), 10, (1,))
        both = b.mul(b.apply("combine", first, head), b.apply("combine", second, tail))
        parts = [b.apply("project", m, both) for m in (first, second)]
        return b.assemble(parts, [(0, (1,)), (10, (1,))], (13,))

    assert_strict_bits(vector_of(make, 13))


def test_a_product_may_be_read_out_of_turn() -> None:
    def make(b: PlainBuilder, z: Node) -> Node:
        product = b.apply("combine", b.data(numbers(9, 50)), z)
        return b.mul(product, b.view(product, (50,), 49, (-1,)))

    assert_strict_bits(vector_of(make, 9))
