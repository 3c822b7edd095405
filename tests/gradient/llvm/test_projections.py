from __future__ import annotations

import pytest

from exmc.gradient.llvm.matrix import FEW_ROWS
from exmc.gradient.node import Node
from exmc.gradient.plain_builder import PlainBuilder
from tests.gradient.llvm.machine import assert_strict_bits, numbers, vector_of

pytestmark = pytest.mark.native


@pytest.mark.parametrize("columns", [1, 8, 13, 40])
@pytest.mark.parametrize("rows", [1, 2, FEW_ROWS, FEW_ROWS + 1])
def test_projections_have_the_strict_bits(rows: int, columns: int) -> None:
    matrix = numbers(rows, columns)
    assert_strict_bits(
        vector_of(lambda b, z: b.apply("project", b.data(matrix), z), columns)
    )


def test_both_kinds_may_share_a_pass() -> None:
    def make(b: PlainBuilder, z: Node) -> Node:
        wave = b.pointwise("sin", z)
        few, many = (b.apply("project", b.data(numbers(k, 40)), wave) for k in (2, 10))
        return b.assemble([few, many], [(0, (1,)), (2, (1,))], (12,))

    assert_strict_bits(vector_of(make))
