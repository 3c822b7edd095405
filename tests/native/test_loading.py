from __future__ import annotations

import ctypes
from collections.abc import Callable

import pytest

from exmc.native.loading import Library, Loaded, load
from exmc.native.target import compile_ir

pytestmark = pytest.mark.native

TEXT = """
define double @next(double %x) {
  %y = fadd double %x, 0x3FF19999A0000000
  ret double %y
}
"""
FUNCTION = ctypes.CFUNCTYPE(ctypes.c_double, ctypes.c_double)


def by_llvm(object_file: bytes) -> Loaded:
    """What `load` does on other systems."""
    return Loaded(Library(object_file).find)


@pytest.fixture(params=[load, by_llvm])
def loader(request: pytest.FixtureRequest) -> Callable[[bytes], Loaded]:
    chosen: Callable[[bytes], Loaded] = request.param
    return chosen


def test_a_loaded_function_can_be_called(loader: Callable[[bytes], Loaded]) -> None:
    loaded = loader(compile_ir(TEXT))
    assert FUNCTION(loaded.address("next"))(2.0) == 2.0 + 1.10000002384185791015625


def test_two_files_may_define_the_same_name(
    loader: Callable[[bytes], Loaded],
) -> None:
    first, second = loader(compile_ir(TEXT)), loader(compile_ir(TEXT))
    assert first.address("next") != second.address("next")


def test_an_absent_function_is_a_key_error(loader: Callable[[bytes], Loaded]) -> None:
    with pytest.raises(KeyError, match="previous"):
        loader(compile_ir(TEXT)).address("previous")


def test_a_truncated_file_is_refused(loader: Callable[[bytes], Loaded]) -> None:
    with pytest.raises(RuntimeError):
        loader(compile_ir(TEXT)[:300])
