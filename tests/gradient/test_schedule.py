from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from exmc.gradient.node import Node
from exmc.gradient.plain_builder import PlainBuilder
from exmc.gradient.program import LEAVES, POINTWISE, Program
from exmc.gradient.schedule import (
    MEMORY,
    Level,
    Loop,
    Step,
    is_alone,
    schedule,
    summed,
)
from tests.gradient.programs import Case, programs

few = settings(max_examples=60, derandomize=True, database=None, deadline=None)


class Reader:
    """Follows a schedule, and fails where something is read that is not there yet."""

    def __init__(self, program: Program) -> None:
        self.program = program
        nodes = program.instructions
        self.scalars = {n for n, node in program if node.op == "const"}
        self.memory = {n for n, node in program if node.op in ("input", "data")}
        self.unplaced = {
            n: len(node.args) for n, node in program if node.op == "assemble"
        }
        self.shape = {n: node.shape for n, node in enumerate(nodes)}

    def follow(self, levels: tuple[Level, ...]) -> None:
        for level in levels:
            for step in level.single:
                self.single(step)
            written = [step for loop in level.loops for step in self.loop(loop)]
            for step in written:
                self.finish(step)
        program = self.program
        assert program.scalar in self.scalars
        assert program.vector in self.memory

    def single(self, step: Step) -> None:
        node = self.program.instructions[step.number]
        if step.kind == "place":
            self.scalar(node.args[step.part])
        else:
            for arg in node.args:
                self.in_memory(arg) if self.shape[arg] else self.scalar(arg)
        self.finish(step)

    def loop(self, loop: Loop) -> tuple[Step, ...]:
        for step in loop.steps:
            number = summed(self.program, step)
            assert self.shape[number] == loop.shape
            self.entries(number)
            node = self.program.instructions[step.number]
            if step.kind == "compute" and node.op == "project":
                self.in_memory(node.args[0])
        return loop.steps

    def entries(self, number: int) -> None:
        """Check that a loop can make or read the entries of an array."""
        if not self.shape[number]:
            self.scalar(number)
        elif number not in self.memory:
            node = self.program.instructions[number]
            assert node.op not in MEMORY | LEAVES
            for arg in node.args:
                if node.op in POINTWISE or not self.shape[arg]:
                    self.entries(arg)
                else:
                    self.in_memory(arg)

    def scalar(self, number: int) -> None:
        assert number in self.scalars | self.memory, number

    def in_memory(self, number: int) -> None:
        assert number in self.memory, number

    def finish(self, step: Step) -> None:
        if step.kind == "place":
            self.unplaced[step.number] -= 1
            if self.unplaced[step.number]:
                return
        there = self.memory if self.shape[step.number] else self.scalars
        there.add(step.number)


@few
@given(programs())
def test_everything_is_there_when_it_is_read(case: Case) -> None:
    Reader(case.program).follow(schedule(case.program))


def cubes(b: PlainBuilder, z: Node) -> tuple[Node, Node]:
    """Two sums, one of what the other one makes."""
    square = b.mul(z, z)
    total = b.sum(b.mul(square, z))
    return b.sum(b.mul(total, z)), b.mul(total, b.neg(square))


def program_of(
    make: object, dim: int = 12, builder: PlainBuilder | None = None
) -> Program:
    b = builder or PlainBuilder(dim)
    program, _ = b.program(*make(b, b.input()))  # type: ignore[operator]
    return program


@pytest.mark.parametrize("broken", ["reversed", "first missing", "last missing"])
def test_a_wrong_order_is_found_out(broken: str) -> None:
    program = program_of(cubes)
    levels = schedule(program)
    assert len(levels) > 1
    wrong = {
        "reversed": levels[::-1],
        "first missing": levels[1:],
        "last missing": (*levels[:-2], replace(levels[-2], loops=()), levels[-1]),
    }
    with pytest.raises(AssertionError):
        Reader(program).follow(wrong[broken])


def test_both_passes_over_the_observations_share_one_loop() -> None:
    def normal(b: PlainBuilder, z: Node) -> tuple[Node, Node]:
        mean, observed = b.view(z, (), 0, ()), b.data(np.arange(50.0))
        error = b.sub(observed, mean)
        return b.sum(b.mul(error, error)), b.assemble([b.sum(error)], [(0, ())], (1,))

    first, second = schedule(program_of(normal, 1))
    assert [loop.shape for loop in first.loops] == [(50,)]
    assert [step.kind for step in first.loops[0].steps] == ["compute", "compute"]
    assert second.loops == ()


def kinds(program: Program) -> list[list[tuple[str, str]]]:
    """Return what the loops of each level do."""
    ops = program.instructions
    return [
        [(s.kind, ops[s.number].op) for loop in level.loops for s in loop.steps]
        for level in schedule(program)
    ]


def test_what_is_read_out_of_turn_is_stored_first() -> None:
    def shifted(b: PlainBuilder, z: Node) -> tuple[Node, Node]:
        wave = b.pointwise("sin", z)
        return b.const(0.0), b.view(wave, (11,), 1, (1,))

    assert kinds(program_of(shifted)) == [[("store", "sin")], [("output", "view")]]


def test_what_is_costly_is_kept_and_what_is_cheap_is_made_again() -> None:
    def normalised(op: str) -> Program:
        def make(b: PlainBuilder, z: Node) -> tuple[Node, Node]:
            part = b.pointwise(op, z)
            return b.const(0.0), b.div(part, b.sum(part))

        return program_of(make)

    assert kinds(normalised("exp")) == [
        [("keep", "exp"), ("compute", "sum")],
        [("output", "mul")],
    ]
    assert kinds(normalised("neg")) == [[("compute", "sum")], [("output", "mul")]]


def test_arrays_of_different_shapes_have_loops_of_their_own() -> None:
    def make(b: PlainBuilder, z: Node) -> tuple[Node, Node]:
        part = b.view(z, (5,), 0, (1,))
        return b.add(b.sum(z), b.sum(part)), z

    (first, _) = schedule(program_of(make))
    assert [loop.shape for loop in first.loops] == [(5,), (12,)]


def test_recurrences_and_matrices_stand_alone() -> None:
    def make(b: PlainBuilder, z: Node) -> tuple[Node, Node]:
        return b.const(0.0), b.apply("recur", b.const(0.5), z, reverse=False)

    program = program_of(make)
    (level,) = schedule(program)
    assert [program.instructions[step.number].op for step in level.single] == ["recur"]
    assert level.loops == ()


@pytest.mark.parametrize(
    ("shape", "alone"), [((12,), False), ((2, 6), False), ((6, 2), True)]
)
def test_a_scatter_stands_alone_unless_lanes_run_in_its_order(
    shape: tuple[int, ...], *, alone: bool
) -> None:
    def make(b: PlainBuilder, z: Node) -> tuple[Node, Node]:
        index = b.index(np.zeros(shape, dtype=np.int64))
        return b.const(0.0), b.scatter(b.reshape(z, shape), index, (3,))

    program = program_of(make)
    assert is_alone(program, program.instructions[program.vector]) is alone
