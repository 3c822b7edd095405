from __future__ import annotations

import ctypes

import numpy as np
import pytest

from exmc.native.elf import HEADER, Image, fits_here
from exmc.native.loading import Library
from exmc.native.subset import Kernels
from exmc.native.target import LEVELS, compile_ir
from exmc.numerics.linear_algebra import gaussian
from tests.native.levels import HERE

pytestmark = [
    pytest.mark.native,
    pytest.mark.skipif("HERE == ['generic']", reason="x86-64 only"),
]

ARRAY = ctypes.c_double * 4096
COPIES = """
declare void @llvm.memcpy.p0.p0.i64(ptr, ptr, i64, i1)

define void @copy(ptr %to, ptr %from) nounwind {
  call void @llvm.memcpy.p0.p0.i64(ptr %to, ptr %from, i64 32768, i1 false)
  ret void
}
"""
SWITCHES = """
@table = internal constant [3 x double] [double 0.5, double 1.5, double 2.5]
@pointer = internal constant ptr getelementptr (double, ptr @table, i64 2)

define double @pick(i64 %n) nounwind {
  switch i64 %n, label %other [
    i64 0, label %a
    i64 1, label %b
    i64 2, label %c
    i64 3, label %d
    i64 4, label %e
  ]
a:
  %x = load volatile double, ptr @table
  ret double %x
b:
  ret double 11.0
c:
  ret double 12.0
d:
  ret double 13.0
e:
  %p = load volatile ptr, ptr @pointer
  %y = load double, ptr %p
  ret double %y
other:
  ret double -1.0
}
"""
NEEDS_ANOTHER = """
declare double @exmc_no_such_function(double)

define double @next(double %x) {
  %y = call double @exmc_no_such_function(double %x)
  ret double %y
}
"""


def test_the_linux_of_this_host_needs_no_llvmlite_to_load() -> None:
    assert fits_here(compile_ir(COPIES))


def test_code_runs_as_when_llvm_links_it() -> None:
    kernels = Kernels(gaussian)
    file = kernels.compiled()
    theirs, ours = Library(file), Image(file)
    k = np.eye(9) + 0.1
    results = []
    for find in (theirs.find, ours.find):
        solved, matrices = np.zeros(9), np.zeros((3, 9, 9))
        sizes = (ctypes.c_int64(9), ctypes.c_int64(9))
        function = ctypes.CFUNCTYPE(ctypes.c_double)(find("gaussian"))
        function.argtypes = None  # type: ignore[assignment]
        arguments: list[object] = [ctypes.c_void_p(k.ctypes.data), *sizes]
        for vector in (np.ones(9), solved):
            arguments += [ctypes.c_void_p(vector.ctypes.data), sizes[0]]
        for matrix in matrices:
            arguments += [ctypes.c_void_p(matrix.ctypes.data), *sizes]
        results.append([function(*arguments), *solved, *matrices[0].ravel()])
    assert results[0] == results[1]
    assert np.isfinite(results[0]).all()


def test_functions_that_copy_memory_are_found_however_far_they_are() -> None:
    image = Image(compile_ir(COPIES))
    source, target = ARRAY(*range(4096)), ARRAY()
    call = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p)(image.find("copy"))
    call(ctypes.addressof(target), ctypes.addressof(source))
    assert list(target) == list(source)


def test_constants_and_tables_of_jumps_are_found() -> None:
    image = Image(compile_ir(SWITCHES))
    call = ctypes.CFUNCTYPE(ctypes.c_double, ctypes.c_int64)(image.find("pick"))
    assert [call(n) for n in range(6)] == [0.5, 11.0, 12.0, 13.0, 2.5, -1.0]


def test_an_unknown_function_is_named() -> None:
    with pytest.raises(RuntimeError, match="it needs 'exmc_no_such_function'"):
        Image(compile_ir(NEEDS_ANOTHER))


def test_an_absent_or_internal_function_is_a_key_error() -> None:
    image = Image(compile_ir(SWITCHES))
    for name in ("no_such", "table", ""):
        with pytest.raises(KeyError):
            image.find(name)


def test_a_file_that_is_cut_short_anywhere_is_refused() -> None:
    file = compile_ir(SWITCHES)
    for length in range(HEADER.size, len(file) - 1, 7):
        with pytest.raises(RuntimeError, match="this object file cannot be run"):
            Image(file[:length])


def test_code_cannot_be_overwritten() -> None:
    """The mapping of a kernel is readable and executable, and nothing else."""
    image = Image(compile_ir(SWITCHES))
    address = image.find("pick")
    with open("/proc/self/maps") as maps:  # noqa: PTH123 - a file of the kernel's
        parts = [line.replace("-", " ", 1).split()[:3] for line in maps]
    ranges = [(range(int(a, 16), int(b, 16)), rights) for a, b, rights in parts]
    assert [rights for where, rights in ranges if address in where] == ["r-xp"]


def test_the_host_has_a_level() -> None:
    assert HERE[-1] in LEVELS
