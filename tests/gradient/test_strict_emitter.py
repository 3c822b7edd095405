"""The strict functions have the bits that loops over Python floats have."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from exmc.gradient.strict_emitter import emit_strict
from tests.gradient.closeness import assert_close_to_plain
from tests.gradient.programs import OPS, Case, programs
from tests.plain import strict_evaluator as loops

few = settings(max_examples=3, derandomize=True, database=None, deadline=None)


def outputs(case: Case) -> tuple[float, np.ndarray]:
    out = np.full(case.program.width, np.nan)
    with np.errstate(all="ignore"):
        scalar = emit_strict(case.program).bind(case.data)(case.z, out)
    assert type(scalar) is float
    return scalar, out


def has_matrices(case: Case) -> bool:
    return any(node.op in loops.MATRICES for _, node in case.program)


def assert_same_bits(case: Case) -> None:
    scalar, vector = outputs(case)
    right, rights = loops.evaluate(case.program, case.data, case.z)
    np.testing.assert_array_equal(vector, rights, strict=True)
    np.testing.assert_array_equal(scalar, right)
    signs = np.signbit(vector) != np.signbit(rights)
    assert not (signs & ~np.isnan(rights)).any()


@pytest.mark.parametrize("op", OPS)
@settings(few, max_examples=2)
@given(st.data())
def test_each_operation_agrees_with_the_plain_one(op: str, data: st.DataObject) -> None:
    case = data.draw(programs(op))
    assert_close_to_plain(case, *outputs(case))


@pytest.mark.parametrize("op", sorted(set(OPS) - loops.MATRICES))
@few
@given(st.data())
def test_each_operation_has_the_bits_of_loops(op: str, data: st.DataObject) -> None:
    case = data.draw(programs(op, wild=True))
    assume(not has_matrices(case))
    assert_same_bits(case)


@pytest.mark.slow
@settings(few, max_examples=300)
@given(programs(wild=True))
def test_programs_have_the_bits_of_loops(case: Case) -> None:
    assume(not has_matrices(case))
    assert_same_bits(case)
