from __future__ import annotations

import ctypes

import pytest

from exmc.native.assembler import Module
from exmc.native.loading import load
from exmc.native.subset.function import define, export
from exmc.native.subset.kinds import BOOL, VECTOR
from exmc.native.target import compile_ir
from exmc.typing import Vector


def inner(v: Vector, turn: bool) -> bool:
    return v[0] > 0.0 and not turn


def outer(v: Vector, turn: bool) -> bool:
    return inner(v, turn) or inner(v, not turn)


def test_a_kernel_and_those_it_calls_are_written_once() -> None:
    module = Module()
    name, signature = define(module, outer)
    define(module, inner)
    assert name == f"{__name__}.outer"
    assert signature.parameters == (("v", VECTOR), ("turn", BOOL))
    assert module.text.count("define internal fastcc i1") == 2
    assert f"call fastcc i1 @{__name__}.inner(ptr" in module.text


@pytest.mark.native
def test_an_exported_kernel_is_found_by_its_bare_name() -> None:
    module = Module()
    export(module, outer)
    loaded = load(compile_ir(module.text))
    kinds = (ctypes.c_void_p, ctypes.c_int64, ctypes.c_bool)
    call = ctypes.CFUNCTYPE(ctypes.c_bool, *kinds)(loaded.address("outer"))
    one = (ctypes.c_double * 1)(1.0)
    assert call(ctypes.addressof(one), 1, True) is True
    one[0] = -1.0
    assert call(ctypes.addressof(one), 1, True) is False
