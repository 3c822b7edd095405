from __future__ import annotations

import pytest

from exmc.native.assembler import Assembler, Module
from exmc.native.llvm_lanes import LlvmLanes
from exmc.native.loading import load
from exmc.native.subset.at import At, tail_mask
from exmc.native.target import LEVELS, compile_ir


def test_a_whole_group_is_an_ordinary_load() -> None:
    assembler = Assembler(Module())
    At(LlvmLanes(assembler, 8), "%i").load("%p")
    assert "masked" not in assembler.body("")


@pytest.mark.native
@pytest.mark.parametrize("level", [level for level in LEVELS if level != "generic"])
def test_a_tail_is_copied_by_no_function_of_the_c_library(level: str) -> None:
    module = Module()
    assembler = Assembler(module)
    at = At(LlvmLanes(assembler, 8), "0", tail_mask(assembler, "%n"))
    at.store(at.load("%p"), "%q")
    assembler.statement("ret void")
    header = "define void @copy(ptr %p, ptr %q, i64 %n) nounwind"
    module.define("copy", assembler.body(header))
    assert load(compile_ir(module.text, level)).address("copy")
