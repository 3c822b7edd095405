"""Steps outside of loops: scalars, recurrences, sums in an order of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exmc.gradient.attributes import place_of, places_of
from exmc.gradient.llvm.flow import counted, nested
from exmc.gradient.llvm.linear_algebra import write_call
from exmc.gradient.llvm.memory import Memory, moved, read_one, write_one
from exmc.gradient.llvm.pointwise import applied
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
        _scatter(frame, step.number, node)
    else:
        write_call(frame, step.number, node)


def _place(frame: Frame, step: Step, node: Instruction) -> None:
    target = frame.memory[step.number].viewed(places_of(node)[step.part])
    value = frame.scalar(node.args[step.part])
    write_one(frame.assembler, value, target.start(frame.assembler))


def _scalar(frame: Frame, number: int, node: Instruction) -> LlvmValue:
    if node.op in POINTWISE:
        return applied(frame.one, node, [frame.scalar(arg) for arg in node.args])
    if node.op == "data":
        return read_one(frame.assembler, frame.memory[number].base)
    source = node.args[0]
    if not frame.node(source).shape:
        return frame.scalar(source)
    if node.op == "view":
        memory = frame.memory[source].viewed(place_of(node))
        return read_one(frame.assembler, memory.start(frame.assembler))
    place = frame.memory[node.args[1]].base
    entry = frame.entry(source, frame.assembler.emit(f"load i64, ptr {place}"))
    return read_one(frame.assembler, entry)


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
            new = _entry(frame, factor, index) * old + _entry(frame, x, index)
            frame.one.store(new, carry)
            target = frame.memory[number].pointer(frame.assembler, index)
            write_one(frame.assembler, new, target)


def _backwards(frame: Frame, length: int, t: Index) -> Index:
    if isinstance(t, int):
        return length - 1 - t
    return frame.assembler.emit(f"sub i64 {length - 1}, {t}")


def _entry(frame: Frame, number: int, index: tuple[Index, ...]) -> LlvmValue:
    if not frame.node(number).shape:
        return frame.scalar(number)
    pointer = frame.memory[number].pointer(frame.assembler, index)
    return read_one(frame.assembler, pointer)


def _scatter(frame: Frame, number: int, node: Instruction) -> None:
    """Add entries one at a time, in row-major order."""
    x, index = node.args
    size = frame.node(x).size
    places = Memory(frame.memory[index].base, (1,))
    with counted(frame.assembler, size) as at:
        place = frame.assembler.emit(
            f"load i64, ptr {places.pointer(frame.assembler, (at,))}"
        )
        target = frame.entry(number, place)
        total = read_one(frame.assembler, target) + _flat(frame, x, at)
        write_one(frame.assembler, total, target)


def _flat(frame: Frame, number: int, at: Index) -> LlvmValue:
    """Return an entry of an array by its place in row-major order."""
    if not frame.node(number).shape:
        return frame.scalar(number)
    start = frame.memory[number].start(frame.assembler)
    return read_one(frame.assembler, moved(frame.assembler, start, at))
