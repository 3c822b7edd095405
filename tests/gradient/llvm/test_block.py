from __future__ import annotations

import sys

import numpy as np
import pytest

from exmc.gradient.llvm import emit_llvm
from exmc.gradient.llvm.block import Block
from exmc.gradient.llvm.frame import Frame
from exmc.gradient.node import Node
from exmc.gradient.plain_builder import PlainBuilder
from exmc.native.assembler import Module
from tests.gradient.llvm.machine import (
    assert_strict_bits,
    machine_outputs,
    numbers,
    vector_of,
)

pytestmark = pytest.mark.native

INDEX = np.array([3, 3, 0, 39, 7, 7, 7, 1, 20, 21, 22])


def test_a_value_is_made_once() -> None:
    program = vector_of(lambda b, z: b.pointwise("exp", z)).program
    frame = Frame(Module(), program)
    block = Block(frame, 0, (0,), 8, {})
    assert block.value(program.vector) is block.value(program.vector)
    assert frame.assembler.body("").count("call") == 1


def test_what_was_made_outside_is_not_made_again() -> None:
    program = vector_of(lambda b, z: b.pointwise("exp", z)).program
    frame = Frame(Module(), program)
    known = frame.eight.constant(1.0)
    block = Block(frame, 0, (0,), 8, {program.vector: known})
    assert block.value(program.vector) is known


def test_values_may_be_deeper_in_each_other_than_calls_may_be() -> None:
    def make(b: PlainBuilder, z: Node) -> Node:
        x = z
        for _ in range(sys.getrecursionlimit()):
            x = b.add(b.pointwise("neg", x), z)
        return x

    program = vector_of(make, 8).program
    assert len(program.instructions) > 2 * sys.getrecursionlimit()
    Block(Frame(Module(), program), 0, (0,), 8, {}).value(program.vector)


def test_functions_of_one_size_call_one_exponential() -> None:
    def make(b: PlainBuilder, z: Node) -> Node:
        x = b.add(b.view(z, (), 0, ()), z)
        return b.add(b.pointwise("softplus", x), b.pointwise("sigmoid", b.neg(x)))

    case = vector_of(make, 8)
    body = emit_llvm({"f": case.program}).text.partition("define double @f(")[2]
    assert body.count("@exmc.exp.8(") == 1
    assert_strict_bits(case)


def test_entries_are_gathered() -> None:
    case = vector_of(lambda b, z: b.gather(z, b.index(INDEX)))
    _, vector = machine_outputs(case)
    np.testing.assert_array_equal(vector, case.z[INDEX])


def test_an_index_is_read_once_for_all_who_use_it() -> None:
    def read_by(count: int) -> int:
        def make(b: PlainBuilder, z: Node) -> Node:
            index = b.index(np.arange(8))
            values = [b.data(numbers(40, seed=n)) for n in range(count)]
            return b.add(*(b.gather(x, index) for x in (z, *values)))

        text = emit_llvm({"f": vector_of(make).program}).text
        return text.count("load i64")

    assert read_by(1) == read_by(3) == 8


def test_scalars_may_be_viewed_and_gathered_as_arrays() -> None:
    case = vector_of(
        lambda b, z: b.add(
            b.view(b.sum(z), (11,), 0, (0,)), b.gather(b.sum(z), b.index(0 * INDEX))
        )
    )
    assert_strict_bits(case)


def test_a_scalar_of_data_may_be_viewed_as_an_array() -> None:
    case = vector_of(lambda b, z: b.mul(z, b.view(b.data(2.5), (40,), 0, (0,))))
    assert_strict_bits(case)
