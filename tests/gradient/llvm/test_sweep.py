from __future__ import annotations

from exmc.gradient.llvm.frame import Frame
from exmc.gradient.llvm.sweep import Sweep, needed
from exmc.gradient.program import Program
from exmc.native.assembler import Module
from tests.gradient.llvm.machine import vector_of


def scaled() -> Program:
    """Twice the exponential of the input."""
    return vector_of(lambda b, z: b.mul(b.const(2.0), b.pointwise("exp", z))).program


def test_a_pass_needs_all_that_its_values_are_made_of() -> None:
    program = scaled()
    frame = Frame(Module(), program)
    ops = [frame.node(n).op for n in needed(frame, [program.vector])]
    assert sorted(ops) == ["const", "exp", "input", "mul"]


def test_what_lies_in_memory_needs_nothing() -> None:
    program = scaled()
    frame = Frame(Module(), program)
    (exp,) = (number for number, node in program if node.op == "exp")
    frame.memory[exp] = frame.memory[program.instructions[exp].args[0]]
    ops = [frame.node(n).op for n in needed(frame, [program.vector])]
    assert sorted(ops) == ["const", "exp", "mul"]


def test_lanes_run_along_the_longest_axis() -> None:
    program = scaled()
    frame = Frame(Module(), program)
    sweep = Sweep(frame, (3, 17, 5), (), needed(frame, [program.vector]))
    assert (sweep.axis, sweep.length) == (1, 17)
    (scalar,) = sweep.scalars().values()
    assert scalar.text == frame.eight.constant(2.0).text
