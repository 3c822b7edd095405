"""The fast functions compute what programs mean, to rounding."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exmc.gradient.node import Node
from exmc.gradient.numpy_emitter import emit_numpy
from exmc.gradient.plain_builder import PlainBuilder
from tests.gradient.closeness import assert_close_to_plain
from tests.gradient.programs import OPS, Case, programs

Make = Callable[[PlainBuilder, Node], Node]

few = settings(max_examples=3, derandomize=True, database=None, deadline=None)


def outputs(case: Case) -> tuple[float, np.ndarray]:
    out = np.full(case.program.width, np.nan)
    with np.errstate(all="ignore"):
        scalar = emit_numpy(case.program).bind(case.data)(case.z, out)
    assert type(scalar) is float
    return scalar, out


@pytest.mark.parametrize("op", OPS)
@few
@given(st.data())
def test_each_operation_agrees_with_the_plain_one(op: str, data: st.DataObject) -> None:
    case = data.draw(programs(op))
    assert_close_to_plain(case, *outputs(case))


@pytest.mark.slow
@settings(few, max_examples=300)
@given(programs())
def test_programs_agree_with_their_plain_evaluation(case: Case) -> None:
    assert_close_to_plain(case, *outputs(case))


def call(make: Make, z: float) -> tuple[float, float]:
    """Return both outputs, of one number, of a program of one number."""
    builder = PlainBuilder(1)
    number = builder.view(builder.input(), (), 0, ())
    scalar = make(builder, number)
    vector = builder.assemble([scalar], [(0, ())], (1,))
    program, data = builder.program(scalar, vector)
    out = np.full(1, 5.0)
    with np.errstate(all="ignore"):
        value = emit_numpy(program).bind(data)(np.array([z]), out)
    return value, float(out[0])


@pytest.mark.parametrize(
    ("make", "z", "right"),
    [
        (lambda b, x: b.recip(x), 0.0, math.inf),
        (lambda b, x: b.recip(x), -0.0, -math.inf),
        (lambda b, x: b.apply("exp", x), 1e3, math.inf),
        (lambda b, x: b.recip(b.apply("exp", x)), 1e3, 0.0),
        (lambda b, x: b.apply("sigmoid", x), -1e3, 0.0),
        (lambda b, x: b.apply("log", x), 0.0, -math.inf),
        (lambda b, x: b.apply("log", x), -1.0, math.nan),
        (lambda b, x: b.apply("floor", x), math.inf, math.inf),
        (lambda b, x: b.apply("sqrt", x), math.nan, math.nan),
        (lambda b, x: b.mul(x, x), 1e200, math.inf),
    ],
)
def test_where_python_raises_the_answer_is_ieees(
    make: Make, z: float, right: float
) -> None:
    np.testing.assert_equal(call(make, z), (right, right))


def test_what_is_not_chosen_does_no_harm() -> None:
    def log_or_zero(b: PlainBuilder, x: Node) -> Node:
        log = b.apply("log", x)
        # Read twice, the logarithm is computed before it is known to be of no use.
        chosen = b.apply("where", b.apply("lt", b.const(0.0), x), log, b.const(2.0))
        return b.apply("where", b.apply("le", x, b.const(0.0)), chosen, log)

    assert call(log_or_zero, -1.0) == (2.0, 2.0)
    assert call(log_or_zero, 1.0) == (0.0, 0.0)


def test_a_matrix_without_a_factor_gives_nan() -> None:
    def corner(b: PlainBuilder, x: Node) -> Node:
        matrix = b.mul(x, b.data([[1.0, 2.0], [2.0, 1.0]]))
        return b.view(b.apply("cholesky", matrix), (), 3, ())

    np.testing.assert_equal(call(corner, 1.0), (math.nan, math.nan))
