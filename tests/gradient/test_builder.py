"""A simplified program computes what the plain one does, and is no larger."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exmc.gradient.builder import Builder
from exmc.gradient.plain_builder import DEEPEST, PlainBuilder
from exmc.gradient.program import FOLDS, LEAVES, Program
from tests.gradient.closeness import assert_close_to_plain
from tests.gradient.formulas import formulas
from tests.gradient.programs import OPS, Case, programs
from tests.gradient.replay import replayed
from tests.plain.program_evaluator import evaluate

if TYPE_CHECKING:
    from exmc.gradient.program import DataArray

few = settings(max_examples=6, derandomize=True, database=None, deadline=None)
GROWTH, SLACK = 1.2, 8.0
"""Of the work of a program: rules may lose a little on formulas that no model has."""


def simplified(case: Case) -> tuple[Program, list[DataArray]]:
    b = Builder(case.program.dim)
    outputs = replayed(b, case.program, case.data)
    assert b.deepest < DEEPEST, "rules went round in circles"
    return b.program(*outputs)


def check_value(case: Case) -> None:
    program, data = simplified(case)
    before, vector = evaluate(case.program, case.data, case.z)
    if np.isfinite(before) and np.all(np.isfinite(vector)):
        assert_close_to_plain(case, *evaluate(program, data, case.z))


def work(program: Program) -> float:
    """About how long machine code takes: operations by entries, views for nothing."""
    total = 0.0
    for _, node in program:
        if node.op not in LEAVES | {"view", "neg"}:
            folds = len(node.args) - 1 if node.op in FOLDS else 1
            total += (1.0 + node.size / 4.0) * folds
    return total


@few
@given(programs())
def test_a_simplified_program_has_the_same_value(case: Case) -> None:
    check_value(case)


@few
@given(formulas())
def test_a_simplified_formula_has_the_same_value(case: Case) -> None:
    check_value(case)


@few
@given(formulas())
def test_a_simplified_formula_is_no_more_work(case: Case) -> None:
    program, _ = simplified(case)
    assert work(program) <= GROWTH * work(case.program) + SLACK


@pytest.mark.slow
@pytest.mark.timeout(120)
@pytest.mark.parametrize("op", OPS)
@settings(few, max_examples=8)
@given(st.data())
def test_every_operation_keeps_its_value(op: str, data: st.DataObject) -> None:
    check_value(data.draw(programs(op)))


@pytest.mark.slow
@pytest.mark.timeout(300)
@settings(few, max_examples=150)
@given(formulas())
def test_many_formulas_keep_their_value_and_grow_little(case: Case) -> None:
    check_value(case)
    program, _ = simplified(case)
    assert work(program) <= GROWTH * work(case.program) + SLACK


def test_simplifying_again_changes_nothing() -> None:
    b = Builder(6)
    x = b.view(b.input(), (5,), 1, (1,))
    s = b.make("exp", (b.view(b.input(), (), 0, ()),))
    r = b.div(b.sub(b.data(np.arange(5.0)), x), s)
    value = b.mul(b.const(-0.5), b.sum(b.mul(r, r)))
    vector = b.assemble([value, b.div(r, s)], [(0, ()), (1, (1,))], (6,))
    program, data = b.program(value, vector)
    again = Builder(6)
    twice, _ = again.program(*replayed(again, program, data))
    assert work(twice) <= work(program)


def test_terms_that_cancel_leave_no_trace() -> None:
    b = Builder(3)
    x = b.input()
    nothing = b.sub(b.make("log", (b.make("exp", (x,)),)), x)
    program, data = b.program(b.sum(nothing), b.add(x, nothing))
    assert [node.op for _, node in program] == ["const", "input"]
    assert data == []


def test_a_plain_builder_simplifies_nothing() -> None:
    b = PlainBuilder(3)
    x = b.input()
    program, _ = b.program(b.sum(x), b.make("log", (b.make("exp", (x,)),)))
    assert [node.op for _, node in program] == ["input", "sum", "exp", "log"]
