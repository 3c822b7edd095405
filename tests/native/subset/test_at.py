from __future__ import annotations

import ctypes

import numpy as np
import pytest

from exmc.native.assembler import Assembler, Module
from exmc.native.llvm_lanes import LlvmLanes
from exmc.native.loading import load
from exmc.native.subset.at import At, Masked, Tail, pieces
from exmc.native.target import compile_ir
from tests.native.levels import HERE

KINDS = ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int64


def copier(tail: type[Tail]) -> str:
    """A function that copies `left` numbers by a tail, and adds 1."""
    module = Module()
    assembler = Assembler(module)
    at = tail(LlvmLanes(assembler, 8), "2", "%left")
    at.store(at.load("%p") + 1.0, "%q")
    assembler.statement("ret void")
    header = "define void @copy(ptr %p, ptr %q, i64 %left) nounwind"
    module.define("copy", assembler.body(header))
    return module.text


def test_a_whole_group_is_an_ordinary_load() -> None:
    assembler = Assembler(Module())
    At(LlvmLanes(assembler, 8), "%i").load("%p")
    assert "call" not in assembler.body("")


def test_pieces_of_four_two_and_one_make_up_every_tail() -> None:
    for count in range(1, 8):
        covered = [s + k for s, size in pieces(count) for k in range(size)]
        assert covered == list(range(count))


@pytest.mark.native
@pytest.mark.parametrize("tail", [Tail, Masked])
@pytest.mark.parametrize("level", HERE)
def test_a_tail_reads_and_writes_what_is_left_and_nothing_else(
    tail: type[Tail], level: str
) -> None:
    loaded = load(compile_ir(copier(tail), level))
    call = ctypes.CFUNCTYPE(None, *KINDS)(loaded.address("copy"))
    for left in range(1, 8):
        source, target = np.arange(12.0), np.zeros(12)
        call(source.ctypes.data, target.ctypes.data, left)
        wanted = np.where((source >= 2) & (source < 2 + left), source + 1.0, 0.0)
        np.testing.assert_array_equal(target, wanted)
