from __future__ import annotations

import numpy as np
import pytest

from exmc.compiler.program import ProgramBuilder
from exmc.ir.construct import constant, op
from exmc.ir.expression import VariableRef
from exmc.ir.operations import PLAIN

A = VariableRef("a", (3,))


class Counting:
    """A function that remembers how often it ran."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self, *values: float) -> float:
        self.calls += 1
        return sum(values)


def test_an_expression_becomes_steps() -> None:
    build = ProgramBuilder(PLAIN)
    a = build.input()
    build.bind("a", a)
    root = op("sum", op("multiply", A, constant([1.0, 2.0, 3.0])), axis=0)
    program = build.program([a], [build.expression(root)])
    assert program(np.ones(3)) == [6.0]


def test_what_is_known_is_computed_once_while_building() -> None:
    build, count = ProgramBuilder(PLAIN), Counting()
    slot = build.apply(count, build.known(1.0), build.known(2.0))
    assert build.is_known(slot)
    assert build.value(slot) == 3.0
    program = build.program([], [slot])
    assert [program(), program()] == [[3.0], [3.0]]
    assert count.calls == 1


def test_a_shared_part_runs_once_a_call() -> None:
    count = Counting()
    build = ProgramBuilder({**PLAIN, "exp": count})
    a = build.input()
    build.bind("a", a)
    shared = op("exp", VariableRef("a", ()))
    total = build.expression(op("add", shared, shared))
    assert build.program([a], [total])(1.5) == [3.0]
    assert count.calls == 1


def test_a_step_that_no_output_needs_is_left_out() -> None:
    build, count = ProgramBuilder(PLAIN), Counting()
    a = build.input()
    build.apply(count, a)
    assert build.program([a], [a])(7.0) == [7.0]
    assert count.calls == 0


def test_two_calls_share_no_memory() -> None:
    build = ProgramBuilder(PLAIN)
    a = build.input()
    program = build.program([a], [build.apply(PLAIN["exp"], a)])
    first = program(0.0)
    program(1.0)
    assert first == [1.0]


def test_a_warning_while_building_stays_inside() -> None:
    build = ProgramBuilder(PLAIN)
    assert build.value(build.expression(op("log", constant(-1.0)))) != 0.0


def test_an_input_that_is_missing_is_refused() -> None:
    build = ProgramBuilder(PLAIN)
    a = build.input()
    with pytest.raises(ValueError, match="shorter"):
        build.program([a], [a])()


def test_a_name_means_the_slot_it_was_bound_to() -> None:
    build = ProgramBuilder(PLAIN)
    slot = build.known(2.0)
    build.bind("two", slot)
    assert build.named("two") == slot
