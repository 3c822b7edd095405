from __future__ import annotations

from exmc.gradient.llvm.effect import Effect
from exmc.gradient.llvm.frame import Frame
from exmc.gradient.llvm.matrix import Panel
from exmc.gradient.schedule import Step
from exmc.native.assembler import Module
from tests.gradient.llvm.machine import vector_of


def test_an_effect_writes_nothing_unless_it_says_so() -> None:
    program = vector_of(lambda b, z: b.neg(z)).program
    frame = Frame(Module(), program)
    before = frame.assembler.body("")
    effect = Effect(frame, Step(program.vector))
    effect.begin()
    effect.begin_row((0,))
    effect.end_panel(Panel(0, 1))
    effect.end_row((0,))
    effect.end()
    assert frame.assembler.body("") == before
    assert effect.node.op == "neg"
