from __future__ import annotations

import numpy as np
import pytest

from exmc.ir.construct import constant, op
from exmc.ir.describe import describe, described_shape, numbers
from exmc.ir.expression import DataRef, Expression, VariableRef

A = VariableRef("a", ())
B = VariableRef("b", (3,))
ONE = constant(1.0)


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        (op("add", A, op("multiply", B, ONE)), "a + b * 1.0"),
        (op("multiply", op("add", A, B), ONE), "(a + b) * 1.0"),
        (op("subtract", A, op("subtract", A, ONE)), "a - (a - 1.0)"),
        (
            op("power", op("power", A, ONE), op("power", A, ONE)),
            "(a ** 1.0) ** a ** 1.0",
        ),
        (op("negative", op("add", A, ONE)), "-(a + 1.0)"),
        (op("multiply", constant(-1.0), A), "-1.0 * a"),
        (op("power", constant(-1.0), A), "(-1.0) ** a"),
        (op("exp", op("negative", A)), "exp(-a)"),
        (op("getitem", B, slice(1, None), None, ...), "b[1:, None, ...]"),
        (op("getitem", B, slice(None, None, 2)), "b[::2]"),
        (op("sum", B, axis=0), "sum(b, axis=0)"),
        (op("less", A, op("divide", ONE, A)), "a < 1.0 / a"),
        (op("matmul", DataRef("X", (2, 3), "float64"), B), "X @ b"),
        (constant([1, 2]), "[1, 2]"),
        (constant(np.zeros(5)), "float64[5]"),
    ],
)
def test_an_expression_reads_as_it_was_written(
    expression: Expression, text: str
) -> None:
    assert describe(expression) == text


def test_a_long_text_is_cut() -> None:
    long: Expression = A
    for _ in range(100):
        long = op("add", long, long)
    assert describe(long, limit=20) == "a + a + (a + a) +..."


def test_a_shape_is_told_in_words() -> None:
    assert described_shape(A) == "a (a scalar)"
    assert described_shape(B) == "b of shape (3,)"
    assert described_shape(constant(np.zeros((9, 2)))) == "an array of shape (9, 2)"


def test_many_numbers_stay_on_one_line() -> None:
    assert "\n" not in numbers(np.arange(1000.0).reshape(100, 10))
