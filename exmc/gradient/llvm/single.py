"""Steps outside of loops: scalars, recurrences, sums in an order of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exmc.gradient.attributes import place_of, places_of
from exmc.gradient.llvm.flow import counted, nested
from exmc.gradient.llvm.linear_algebra import write_call
from exmc.gradient.llvm.pointwise import applied
from exmc.gradient.llvm.scatter import write_scatter
from exmc.gradient.program import POINTWISE

if TYPE_CHECKING:
    from exmc.gradient.llvm.flow import Index
    from exmc.gradient.llvm.frame import Frame
    from exmc.gradient.program import Instruction
    from exmc.gradient.schedule import Step
    from exmc.native.llvm_lanes import LlvmValue


def write_single(frame: Frame, step: Step) -> None:
    """Write a step."""
    node = frame.node(step.number)
    if step.kind == "place":
        _place(frame, step, node)
    elif not node.shape:
        frame.scalars[step.number] = _scalar(frame, step.number, node)
    elif node.op == "recur":
        _recur(frame, step.number, node)
    elif node.op == "scatter":
        write_scatter(frame, step.number)
    else:
        write_call(frame, step.number, node)


def _place(frame: Frame, step: Step, node: Instruction) -> None:
    target = frame.memory[step.number].viewed(places_of(node)[step.part])
    value = frame.scalar(node.args[step.part])
    frame.one.store(value, target.start(frame.assembler))


def _scalar(frame: Frame, number: int, node: Instruction) -> LlvmValue:
    if node.op in POINTWISE:
        return applied(frame.one, node, [frame.scalar(arg) for arg in node.args])
    if node.op == "data":
        return frame.one.load(frame.memory[number].base)
    source = node.args[0]
    if not frame.node(source).shape:
        return frame.scalar(source)
    if node.op == "view":
        memory = frame.memory[source].viewed(place_of(node))
        return frame.one.load(memory.start(frame.assembler))
    place = frame.memory[node.args[1]].base
    entry = frame.entry(source, frame.assembler.emit(f"load i64, ptr {place}"))
    return frame.one.load(entry)


def _recur(frame: Frame, number: int, node: Instruction) -> None:
    """Y = a * y + x along the last axis, from 0, in a row of its own for each other."""
    factor, x = node.args
    *around, length = node.shape
    carry = frame.assembler.reserve("double")
    with nested(frame.assembler, around) as outer:
        frame.one.store(0.0, carry)
        with counted(frame.assembler, length) as t:
            at = _backwards(frame, length, t) if node["reverse"] else t
            index = (*outer, at)
            old = frame.one.load(carry)
            new = frame.entry_at(factor, index) * old + frame.entry_at(x, index)
            frame.one.store(new, carry)
            target = frame.memory[number].pointer(frame.assembler, index)
            frame.one.store(new, target)


def _backwards(frame: Frame, length: int, t: Index) -> Index:
    if isinstance(t, int):
        return length - 1 - t
    return frame.assembler.emit(f"sub i64 {length - 1}, {t}")
