from __future__ import annotations

from exmc.gradient.llvm.pointwise import Remembering, applied, sharing, written_out
from exmc.gradient.node import Node
from exmc.gradient.plain_builder import PlainBuilder
from exmc.gradient.program import Instruction
from exmc.native.assembler import Assembler, Module
from exmc.native.llvm_lanes import LlvmLanes, LlvmValue
from tests.gradient.llvm.machine import vector_of


def lanes() -> LlvmLanes:
    return LlvmLanes(Assembler(Module()), 8)


def test_no_instruction_is_written_twice() -> None:
    block = Remembering(lanes())
    x = LlvmValue(block, "%x")
    assert (x * x).text == (x * x).text
    assert (x + x).text != (x * x).text


def test_memory_is_read_again() -> None:
    block = Remembering(lanes())
    assert block.load("%x").text != block.load("%x").text


def test_sums_and_products_go_from_left_to_right() -> None:
    one = lanes()
    names = [LlvmValue(one, f"%{name}") for name in "abc"]
    applied(one, Instruction("add", (0, 1, 2), (8,)), names)
    first, second = one.assembler.body("").splitlines()[2:4]
    assert first.endswith("fadd <8 x double> %a, %b")
    assert second.endswith("fadd <8 x double> %t1, %c")


def both(b: PlainBuilder, z: Node) -> Node:
    return b.add(b.pointwise("sigmoid", z), b.pointwise("softplus", z))


def test_functions_of_one_argument_share_what_they_can() -> None:
    program = vector_of(both).program
    ops = {program.instructions[number].op for number in sharing(program)}
    assert ops == {"sigmoid", "softplus"}
    alone = vector_of(lambda b, z: b.add(b.pointwise("sigmoid", z), z)).program
    assert sharing(alone) == frozenset()


def test_an_argument_and_its_negation_share_as_well() -> None:
    def make(b: PlainBuilder, z: Node) -> Node:
        return b.add(b.pointwise("sigmoid", z), b.pointwise("sigmoid", b.neg(z)))

    assert len(sharing(vector_of(make).program)) == 2


def test_the_exponential_is_called_once_for_all() -> None:
    block = Remembering(lanes())
    x = LlvmValue(block, "%x")
    for op in ("sigmoid", "softplus"):
        written_out(block, op, x)
        written_out(block, op, -x)
    assert block.assembler.body("").count("@exmc.exp.8(") == 1
