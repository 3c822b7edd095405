from __future__ import annotations

import gc
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from exmc.native import compile_ir, load
from exmc.native.function import NativeFunction

pytestmark = pytest.mark.native

# out[0] = z[0] + data[1][2]; work[0] = its address; the answer is z[1].
TEXT = """
define double @probe(ptr %z, ptr %out, ptr %context) {
  %table = load ptr, ptr %context
  %work.at = getelementptr ptr, ptr %context, i64 1
  %work = load ptr, ptr %work.at
  %second.at = getelementptr ptr, ptr %table, i64 1
  %second = load ptr, ptr %second.at
  %entry.at = getelementptr double, ptr %second, i64 2
  %entry = load double, ptr %entry.at
  %z0 = load double, ptr %z
  %sum = fadd double %z0, %entry
  store double %sum, ptr %out
  %address = ptrtoint ptr %work to i64
  store i64 %address, ptr %work
  %z1.at = getelementptr double, ptr %z, i64 1
  %z1 = load double, ptr %z1.at
  ret double %z1
}
"""


def bound(work: int = 3) -> NativeFunction:
    data = [np.arange(2), np.array([5.0, 6.0, 7.5])]
    return NativeFunction(load(compile_ir(TEXT)), "probe", data, work)


def test_the_code_gets_its_position_data_and_output() -> None:
    function, out = bound(), np.zeros(1)
    gc.collect()
    assert function(np.array([1.0, -2.0]), out) == -2.0
    assert out[0] == 8.5


@pytest.mark.parametrize("work", [1, 7, 64, 1000])
def test_the_work_area_is_aligned_for_the_widest_vector(work: int) -> None:
    function = bound(work)
    function(np.zeros(2), np.zeros(1))
    area = function._keep[2]
    assert len(area) == work
    assert area.view(np.int64)[0] == area.ctypes.data
    assert area.ctypes.data % 64 == 0


# Adds 1.0 to work[0] a million times and returns what it finds there.
COUNTING = """
define double @count(ptr %z, ptr %out, ptr %context) {
entry:
  %work.at = getelementptr ptr, ptr %context, i64 1
  %work = load ptr, ptr %work.at
  store volatile double 0.0, ptr %work
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %old = load volatile double, ptr %work
  %new = fadd double %old, 1.0
  store volatile double %new, ptr %work
  %next = add i64 %i, 1
  %more = icmp slt i64 %next, 1000000
  br i1 %more, label %loop, label %done
done:
  %all = load volatile double, ptr %work
  ret double %all
}
"""


def test_threads_that_share_a_function_take_turns() -> None:
    function = NativeFunction(load(compile_ir(COUNTING)), "count", [], 1)
    with ThreadPoolExecutor(4) as threads:
        answers = threads.map(function, [np.zeros(1)] * 16, [np.zeros(1)] * 16)
        assert set(answers) == {1e6}
