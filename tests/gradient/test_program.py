from __future__ import annotations

import hashlib

import numpy as np
import pytest

from exmc.gradient.program import (
    BINARY,
    FOLDS,
    LEAVES,
    POINTWISE,
    STRUCTURAL,
    UNARY,
    Instruction,
    Program,
    lane_axis,
)
from tests.plain.program_evaluator import evaluate

SQUARES = Program(
    dim=3,
    slots=(("float64", (3,)),),
    instructions=(
        Instruction("input", (), (3,)),
        Instruction("data", (), (3,), (("slot", 0),)),
        Instruction("mul", (0, 1), (3,)),
        Instruction("const", (), (), (("value", -0.5),)),
        Instruction("sum", (2,), (), (("axes", (0,)),)),
        Instruction("mul", (3, 4), ()),
    ),
    scalar=5,
    vector=2,
)

TEXT = """\
exmc-program 1 input 3
slot 0 float64 [3]
%0 = input : [3]
%1 = data slot=0 : [3]
%2 = mul %0 %1 : [3]
%3 = const value=-0x1.0000000000000p-1 : []
%4 = sum %2 axes=(0) : []
%5 = mul %3 %4 : []
return %5 %2
"""


@pytest.mark.golden
def test_the_text_of_a_program_is_what_it_was() -> None:
    assert SQUARES.text == TEXT


def test_the_digest_is_that_of_the_text() -> None:
    assert SQUARES.digest == hashlib.sha256(TEXT.encode()).hexdigest()


def test_a_program_tells_what_its_instructions_read_and_how_wide_it_is() -> None:
    first, second = SQUARES.args(SQUARES.instructions[5])
    assert (first.op, second.op) == ("const", "sum")
    assert SQUARES.width == 3
    assert [number for number, _ in SQUARES] == list(range(6))


def test_an_instruction_gives_its_attributes_by_name() -> None:
    assert SQUARES.instructions[4]["axes"] == (0,)
    assert SQUARES.instructions[2].size == 3
    with pytest.raises(KeyError):
        SQUARES.instructions[2]["axes"]


def test_the_plain_evaluator_computes_it() -> None:
    value, vector = evaluate(SQUARES, [np.array([1.0, 2.0, 4.0])], [1.0, 1.0, -1.0])
    assert value == 0.5
    np.testing.assert_array_equal(vector, [1.0, 2.0, -4.0])


@pytest.mark.parametrize(
    ("shape", "axis"),
    [((5,), 0), ((2, 5), 1), ((5, 2), 0), ((3, 3), 1), ((1, 4, 4), 2)],
)
def test_lanes_run_along_the_longest_axis_the_last_of_equals(
    shape: tuple[int, ...], axis: int
) -> None:
    assert lane_axis(shape) == axis


def test_no_operation_has_two_kinds() -> None:
    kinds = (UNARY, BINARY, FOLDS, ("where",), tuple(STRUCTURAL), tuple(LEAVES))
    every = [op for kind in kinds for op in kind]
    assert len(every) == len(set(every)) == len(POINTWISE | STRUCTURAL | LEAVES)
