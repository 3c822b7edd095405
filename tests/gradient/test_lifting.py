from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest

from exmc.gradient.builder import Builder
from exmc.gradient.lifting import is_simple, lifted
from exmc.gradient.plain_builder import PlainBuilder
from tests.plain.program_evaluator import evaluate

if TYPE_CHECKING:
    from exmc.gradient.program import DataArray, Program


@pytest.mark.parametrize(
    "number", [0.0, -0.0, 1.0, -0.5, 2.0, 31.0, 0.03125, 1.5, math.inf, math.nan]
)
def test_small_fractions_and_what_is_not_finite_stay(number: float) -> None:
    assert is_simple(number)


@pytest.mark.parametrize("number", [0.1, 33.0, 1e300, math.pi, 1 / 64, 5e-324, 1.7e308])
def test_other_numbers_go(number: float) -> None:
    assert not is_simple(number)


def test_numbers_are_read_from_one_slot_each_once() -> None:
    b = PlainBuilder(2)
    x = b.input()
    scaled = b.mul(b.const(0.3), b.add(x, b.const(0.7), b.const(2.0)))
    total = b.mul(b.const(0.3), b.sum(scaled))
    outputs = lifted(b, (total, b.add(scaled, b.broadcast(b.const(0.7), (2,)))))
    program, data = b.program(*outputs)
    assert [array.tolist() for array in data] == [[0.3, 0.7]]
    assert [i["value"] for _, i in program if i.op == "const"] == [2.0]
    before = evaluate(*b.program(total, b.add(scaled, b.const(0.7))), [1.0, -2.0])
    value, vector = evaluate(program, data, [1.0, -2.0])
    assert value == before[0]
    np.testing.assert_array_equal(vector, before[1])


def test_a_program_of_simple_numbers_is_left_alone() -> None:
    b = PlainBuilder(2)
    outputs = b.sum(b.input()), b.mul(b.const(0.5), b.input())
    assert lifted(b, outputs) == outputs


def normal(scale: float) -> tuple[Program, list[DataArray]]:
    b = Builder(3)
    x = b.div(b.input(), b.const(scale))
    value = b.mul(b.const(-0.5), b.sum(b.mul(x, x)))
    return b.program(value, b.neg(b.div(x, b.const(scale))))


def test_models_with_other_numbers_have_one_text() -> None:
    (one, of_one), (other, of_other) = normal(3.0), normal(7.0)
    assert one.text == other.text
    assert not np.array_equal(of_one[0], of_other[0])
