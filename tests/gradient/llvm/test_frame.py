from __future__ import annotations

import numpy as np
import pytest

from exmc.gradient.llvm.frame import Frame
from exmc.gradient.llvm.memory import Memory
from exmc.native.assembler import Module
from exmc.native.function import NativeFunction
from exmc.native.loading import load
from exmc.native.target import compile_ir
from tests.gradient.llvm.machine import CANARY, case_of, vector_of


def test_buffers_begin_with_a_line_of_the_cache() -> None:
    frame = Frame(Module(), vector_of(lambda b, z: b.neg(z)).program)
    assert frame.buffer(3) == "%work"
    text = frame.buffer(9)
    assert f"{text} = getelementptr double, ptr %work, i64 8" in frame.assembler.body(
        ""
    )
    assert frame.work == 8 + 16


def test_indices_that_are_known_are_added_now() -> None:
    frame = Frame(Module(), vector_of(lambda b, z: b.neg(z)).program)
    assert frame.plus(3, 4) == 7
    assert frame.plus(0, "%i") == "%i"
    assert frame.plus("%i", 0) == "%i"
    assert str(frame.plus("%i", 1)).startswith("%t")


def test_a_loop_reads_what_lies_in_memory_and_makes_the_rest() -> None:
    case = vector_of(
        lambda b, z: b.view(b.neg(b.view(z, (8,), 2, (3,))), (7,), 1, (1,))
    )
    frame = Frame(Module(), case.program)
    place, made, shifted = (
        number for number, node in case.program if node.op in ("view", "neg")
    )
    assert frame.access(place) == Memory("%z", (3,), 2)
    assert frame.access(made) is None
    assert frame.access(shifted) is None
    frame.memory[made] = Memory("%b", (1,))
    assert frame.access(shifted) == Memory("%b", (1,), 1)


def test_constants_need_no_step() -> None:
    case = case_of(lambda b, z: (b.const(2.5), z))
    frame = Frame(Module(), case.program)
    assert frame.scalar(case.program.scalar).text == frame.one.constant(2.5).text
    assert frame.spread(case.program.scalar).text == frame.eight.constant(2.5).text


@pytest.mark.native
@pytest.mark.parametrize("size", [0, 1, 7, 8, 9, 24, 30])
def test_a_fill_ends_where_the_array_does(size: int) -> None:
    frame = Frame(Module(), vector_of(lambda b, z: b.neg(z)).program)
    frame.fill(Memory("%out", (1,), 2), size, frame.eight.constant(3.0))
    frame.assembler.statement("ret double 0.0")
    header = "define double @f(ptr %z, ptr %out, ptr %context)"
    frame.assembler.module.define("f", frame.assembler.body(header))
    code = load(compile_ir(frame.assembler.module.text))
    out = np.full(size + 4, CANARY)
    NativeFunction(code, "f", (), 8)(np.zeros(40), out)
    assert out.tolist() == [CANARY] * 2 + [3.0] * size + [CANARY] * 2
