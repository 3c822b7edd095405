from __future__ import annotations

import pytest

from exmc.gradient.llvm.frame import Frame
from exmc.gradient.llvm.matrix import FEW_ROWS, Panel, has_many_rows
from exmc.gradient.llvm.memory import Memory
from exmc.native.assembler import Module
from tests.gradient.llvm.machine import assert_strict_bits, numbers, vector_of
from tests.gradient.programs import Case

pytestmark = pytest.mark.native


def combined(rows: int, columns: int) -> Case:
    """Return rows of data, combined as the input tells."""
    matrix = numbers(rows, columns)
    return vector_of(lambda b, z: b.apply("combine", b.data(matrix), z), rows)


@pytest.mark.parametrize("columns", [1, 8, 13, 40])
@pytest.mark.parametrize("rows", [1, 2, FEW_ROWS, FEW_ROWS + 1])
def test_combinations_have_the_strict_bits(rows: int, columns: int) -> None:
    assert_strict_bits(combined(rows, columns))


def test_a_matrix_may_be_computed() -> None:
    matrix = numbers(3, 17)
    case = vector_of(
        lambda b, z: b.apply("combine", b.pointwise("exp", b.data(matrix)), z), 3
    )
    assert_strict_bits(case)


@pytest.mark.parametrize(("rows", "many"), [(FEW_ROWS, False), (FEW_ROWS + 1, True)])
def test_many_rows_go_in_panels(rows: int, *, many: bool) -> None:
    case = combined(rows, 20)
    frame = Frame(Module(), case.program)
    assert has_many_rows(frame, frame.node(case.program.vector)) is many


def test_a_panel_points_to_its_blocks() -> None:
    frame = Frame(Module(), combined(9, 64).program)
    first, *others = Panel(8, 3).pointers(frame, Memory("%x", (1,)))
    lines = frame.assembler.body("").splitlines()
    assert f"  {first} = getelementptr double, ptr %x, i64 8" in lines
    for pointer, step in zip(others, (8, 16), strict=True):
        assert f"  {pointer} = getelementptr double, ptr {first}, i64 {step}" in lines
