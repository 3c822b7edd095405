from __future__ import annotations

from math import prod

import numpy as np
import pytest

from exmc.gradient.llvm.frame import Frame
from exmc.gradient.llvm.loops import effect_of
from exmc.gradient.node import Node
from exmc.gradient.plain_builder import PlainBuilder
from exmc.gradient.schedule import schedule
from exmc.gradient.shapes import strides_of
from exmc.native.assembler import Module
from tests.gradient.llvm.machine import (
    assert_strict_bits,
    case_of,
    machine_outputs,
    numbers,
    vector_of,
)

pytestmark = pytest.mark.native

SHAPES = [(1,), (7,), (8,), (9,), (24,), (30,), (3, 10), (10, 3), (2, 9, 4), (9, 9)]


@pytest.mark.parametrize("shape", SHAPES)
def test_every_entry_of_a_shape_is_met_once(shape: tuple[int, ...]) -> None:
    size = prod(shape)

    def shifted(b: PlainBuilder, z: Node) -> Node:
        x = b.view(z, shape, 0, strides_of(shape))
        return b.add(x, b.data(numbers(*shape)), b.view(z, (), 0, ()))

    case = vector_of(shifted, size)
    _, vector = machine_outputs(case)
    wanted = case.z + numbers(*shape).ravel() + case.z[0]
    np.testing.assert_array_equal(vector, wanted)


@pytest.mark.parametrize("strides", [(1, 0), (0, 1), (0, 0), (1, 1), (5, 2)])
@pytest.mark.parametrize("shape", [(4, 10), (10, 4)])
def test_rows_and_columns_are_repeated(
    shape: tuple[int, int], strides: tuple[int, int]
) -> None:
    case = vector_of(
        lambda b, z: b.mul(b.view(z, shape, 1, strides), b.data(numbers(*shape))), 80
    )
    assert_strict_bits(case)


def test_arrays_without_entries_have_empty_sums() -> None:
    def make(b: PlainBuilder, z: Node) -> tuple[Node, Node]:
        nothing = b.view(z, (0,), 0, (1,))
        table = b.view(z, (0, 3), 0, (3, 1))
        return b.add(b.sum(nothing), b.sum(z)), b.sum(table, (0,))

    case = case_of(make, 5)
    scalar, vector = machine_outputs(case)
    assert scalar == pytest.approx(case.z.sum())
    assert vector.tolist() == [0.0, 0.0, 0.0]


def test_every_kind_of_step_has_its_effect() -> None:
    def make(b: PlainBuilder, z: Node) -> tuple[Node, Node]:
        wave = b.pointwise("sin", z)
        index = b.index(np.zeros(40, dtype=np.int64))
        few, many = (b.apply("project", b.data(numbers(k, 40)), z) for k in (2, 9))
        parts = [b.sum(wave), few, many, b.scatter(wave, index, (3,))]
        parts += [b.view(wave, (39,), 1, (1,)), b.div(wave, b.amax(wave))]
        ends = np.cumsum([0, *(part.size for part in parts)])
        places = [
            (int(end), (1,) * len(part.shape))
            for end, part in zip(ends, parts, strict=False)
        ]
        return b.const(0.0), b.assemble(parts, places, (int(ends[-1]),))

    case = case_of(make)
    frame = Frame(Module(), case.program)
    steps = [
        step
        for level in schedule(case.program)
        for loop in level.loops
        for step in loop.steps
    ]
    kinds = {type(effect_of(frame, step)).__name__ for step in steps}
    wanted = {"Store", "Place", "Scatter", "FewProjections", "ManyProjections", "Total"}
    assert kinds == wanted
    assert_strict_bits(case)
