from __future__ import annotations

import pytest

from exmc.gradient.llvm.frame import Frame
from exmc.gradient.llvm.matrix import FEW_ROWS, has_many_rows
from exmc.native.assembler import Module
from tests.gradient.llvm.machine import assert_strict_bits, numbers, vector_of
from tests.gradient.programs import Case

pytestmark = pytest.mark.native


def product(op: str, rows: int, columns: int) -> Case:
    """Return a product of data with the input."""
    matrix = numbers(rows, columns)
    dim = rows if op == "combine" else columns
    return vector_of(lambda b, z: b.apply(op, b.data(matrix), z), dim)


@pytest.mark.parametrize("columns", [1, 8, 13, 40])
@pytest.mark.parametrize("rows", [1, 2, FEW_ROWS])
def test_products_of_few_rows_have_the_strict_bits(rows: int, columns: int) -> None:
    for op in ("combine", "project"):
        assert_strict_bits(product(op, rows, columns))


def test_a_matrix_may_be_computed() -> None:
    matrix = numbers(3, 17)
    case = vector_of(
        lambda b, z: b.apply("combine", b.pointwise("exp", b.data(matrix)), z), 3
    )
    assert_strict_bits(case)


@pytest.mark.parametrize(("rows", "many"), [(FEW_ROWS, False), (FEW_ROWS + 1, True)])
def test_many_rows_go_in_panels(rows: int, *, many: bool) -> None:
    case = product("combine", rows, 20)
    frame = Frame(Module(), case.program)
    assert has_many_rows(frame, frame.node(case.program.vector)) is many
