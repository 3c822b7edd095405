from __future__ import annotations

import ctypes

import pytest

from exmc.native.loading import load
from exmc.native.target import compile_ir

pytestmark = pytest.mark.native

TEXT = """
define double @next(double %x) {
  %y = fadd double %x, 0x3FF19999A0000000
  ret double %y
}
"""
NEEDS_ANOTHER = """
declare double @exmc_no_such_function(double)

define double @next(double %x) {
  %y = call double @exmc_no_such_function(double %x)
  ret double %y
}
"""
FUNCTION = ctypes.CFUNCTYPE(ctypes.c_double, ctypes.c_double)


def test_a_loaded_function_can_be_called() -> None:
    loaded = load(compile_ir(TEXT))
    assert FUNCTION(loaded.address("next"))(2.0) == 2.0 + 1.10000002384185791015625


def test_two_files_may_define_the_same_name() -> None:
    first, second = load(compile_ir(TEXT)), load(compile_ir(TEXT))
    assert first.address("next") != second.address("next")


def test_an_absent_function_is_a_key_error() -> None:
    with pytest.raises(KeyError, match="previous"):
        load(compile_ir(TEXT)).address("previous")


def test_a_truncated_file_is_refused() -> None:
    with pytest.raises(RuntimeError):
        load(compile_ir(TEXT)[:300])


def test_code_that_needs_an_unknown_function_is_refused() -> None:
    loaded = load(compile_ir(NEEDS_ANOTHER))
    with pytest.raises(KeyError):
        loaded.address("next")
