"""Whole modules: one function for each program."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import prod
from typing import TYPE_CHECKING

from exmc.gradient.llvm.frame import OUTPUT, Frame
from exmc.gradient.llvm.loops import write_loop
from exmc.gradient.llvm.memory import row_major
from exmc.gradient.llvm.single import write_single
from exmc.gradient.schedule import MEMORY, schedule
from exmc.native.assembler import Module

if TYPE_CHECKING:
    from collections.abc import Mapping

    from exmc.gradient.program import Instruction, Program


@dataclass(frozen=True, slots=True)
class LlvmModule:
    """LLVM text of functions `double f(ptr z, ptr out, ptr context)`.

    A function returns the scalar output and writes the vector output to `out`, which
    must not overlap z. Its context is two pointers: to a table of pointers to the
    data, in the order of the slots, and to scratch memory, which must begin at a
    multiple of 64 bytes.

    Attributes:
        text: The module.
        work: Float64 numbers of scratch memory that each function needs, by its name.
    """

    text: str
    work: Mapping[str, int] = field(default_factory=dict)


def emit_llvm(programs: Mapping[str, Program]) -> LlvmModule:
    """Write programs as functions of one module, by name."""
    module = Module()
    work = {}
    for name, program in programs.items():
        frame = Frame(module, program)
        _write(frame)
        header = (
            f"define double @{name}(ptr noalias %z, ptr noalias %out, ptr %context) "
            'nounwind "no-builtins"'  # a loop of stores must not become a memset
        )
        module.define(name, frame.assembler.body(header))
        work[name] = frame.work
    return LlvmModule(module.text, work)


def _write(frame: Frame) -> None:
    """Write a function from its first line to its last."""
    for number, node in frame.program:
        if node.op in MEMORY and node.shape:
            output = number == frame.program.vector
            base = OUTPUT if output else frame.buffer(node.size)
            frame.memory[number] = row_major(base, node.shape)
            if _has_gaps(frame, node):
                zero = frame.eight.constant(0.0)
                frame.fill(frame.memory[number], node.size, zero)
    for level in schedule(frame.program):
        for step in level.single:
            write_single(frame, step)
        for loop in level.loops:
            write_loop(frame, loop)
    result = frame.scalar(frame.program.scalar)
    frame.assembler.statement(f"ret double {result.text}")


def _has_gaps(frame: Frame, node: Instruction) -> bool:
    """Tell whether some entries are zero because nothing is written there."""
    written = sum(frame.node(arg).size for arg in node.args)
    return node.op == "assemble" and written < prod(node.shape)
