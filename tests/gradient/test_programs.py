"""The generator of programs is worth its name, and its yardstick can fail."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exmc.gradient.program import LEAVES
from tests.gradient.closeness import assert_close_to_plain, tolerance
from tests.gradient.programs import (
    OPS,
    Case,
    programs,
)
from tests.plain.program_evaluator import evaluate

few = settings(max_examples=5, derandomize=True, database=None, deadline=None)
many = settings(few, max_examples=25)


@pytest.mark.parametrize("op", OPS)
@few
@given(st.data())
def test_the_op_that_is_asked_for_occurs(op: str, data: st.DataObject) -> None:
    program = data.draw(programs(op)).program
    assert op in {node.op for node in program.instructions}


@many
@given(programs())
def test_what_is_read_comes_before_and_every_value_is_read(case: Case) -> None:
    program = case.program
    read = {program.scalar, program.vector}
    for number, node in program:
        assert all(argument < number for argument in node.args)
        assert (node.op in LEAVES) == (not node.args)
        read.update(node.args)
    assert read | {0} == set(range(len(program.instructions)))


@many
@given(programs())
def test_calm_programs_are_finite_and_moderate(case: Case) -> None:
    scalar, vector = evaluate(case.program, case.data, case.z)
    assert abs(scalar) < 1e4
    assert np.all(np.abs(vector) < 1e4)


@many
@given(programs())
def test_plain_values_are_close_to_themselves(case: Case) -> None:
    assert_close_to_plain(case, *evaluate(case.program, case.data, case.z))


@many
@given(programs())
def test_most_entries_are_judged_strictly(case: Case) -> None:
    _, abouts = tolerance(case)
    assert np.median(abouts) < 1e-8


def test_a_small_error_is_noticed() -> None:
    missed = 0

    @many
    @given(programs())
    def search(case: Case) -> None:
        nonlocal missed
        scalar, vector = evaluate(case.program, case.data, case.z)
        try:
            assert_close_to_plain(case, scalar, vector * (1.0 + 1e-6) + 1e-7)
        except AssertionError:
            return
        missed += 1

    search()
    assert missed == 0


@many
@given(programs(wild=True))
def test_wild_programs_are_well_formed_too(case: Case) -> None:
    kinds = [(array.dtype.name, array.shape) for array in case.data]
    assert list(case.program.slots) == kinds
    assert case.z.shape == (case.program.dim,)
