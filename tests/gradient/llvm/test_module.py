from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from exmc.gradient.llvm import emit_llvm, reductions
from exmc.native.function import NativeFunction
from exmc.native.llvm_lanes import LlvmLanes, LlvmValue
from exmc.native.loading import load
from exmc.native.target import compile_ir
from tests.gradient.closeness import assert_close_to_plain
from tests.gradient.llvm.machine import (
    PROCESSORS,
    assert_strict_bits,
    case_of,
    machine_outputs,
    numbers,
    vector_of,
)
from tests.gradient.programs import OPS, Case, programs
from tests.plain.strict_evaluator import MATRICES

pytestmark = pytest.mark.native

few = settings(max_examples=2, derandomize=True, database=None, deadline=None)


def uses_kernels(case: Case) -> bool:
    """Tell whether kernels are compiled, which takes a tenth of a second each."""
    return any(node.op in MATRICES for _, node in case.program)


@pytest.mark.parametrize("op", sorted(set(OPS) - MATRICES))
@few
@given(st.data())
def test_each_operation_has_the_strict_bits(op: str, data: st.DataObject) -> None:
    case = data.draw(programs(op, wild=True))
    assume(not uses_kernels(case))
    for processor in PROCESSORS:
        assert_strict_bits(case, processor)


@pytest.mark.slow
@pytest.mark.timeout(300)
@settings(few, max_examples=100)
@given(programs(wild=True))
def test_programs_have_the_strict_bits(case: Case) -> None:
    for processor in PROCESSORS:
        assert_strict_bits(case, processor)


@pytest.mark.slow
@pytest.mark.timeout(300)
@settings(few, max_examples=50)
@given(programs())
def test_calm_programs_agree_with_the_plain_evaluator(case: Case) -> None:
    assert_close_to_plain(case, *machine_outputs(case))


def one_by_one(lanes: LlvmLanes, value: LlvmValue, _op: str) -> LlvmValue:
    total, *rest = (lanes.lane(value, lane) for lane in range(lanes.width))
    for lane in rest:
        total = total + lane
    return total


def test_partial_sums_added_one_by_one_are_found_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case = vector_of(lambda b, _: b.sum(b.data(numbers(30, 50)), (1,)))
    assert_strict_bits(case)
    monkeypatch.setattr(reductions, "folded", one_by_one)
    with pytest.raises(AssertionError):
        assert_strict_bits(case)


def test_a_module_has_a_function_for_each_program() -> None:
    cases = {
        "density": case_of(lambda b, z: (b.sum(b.pointwise("exp", z)), b.neg(z)), 5),
        "values": case_of(lambda b, z: (b.const(0.0), b.pointwise("exp", z)), 5),
    }
    module = emit_llvm({name: case.program for name, case in cases.items()})
    loaded = load(compile_ir(module.text))
    found: dict[str, Any] = {}
    for name, case in cases.items():
        out = np.empty(5)
        function = NativeFunction(loaded, name, case.data, module.work[name])
        found[name] = function(case.z, out), out
    z = cases["density"].z
    assert found["density"][0] == pytest.approx(np.exp(z).sum(), rel=1e-15)
    np.testing.assert_array_equal(found["density"][1], -z)
    assert found["values"][0] == 0.0
    np.testing.assert_allclose(found["values"][1], np.exp(z), rtol=1e-15)


def test_equal_programs_have_equal_text() -> None:
    case = case_of(lambda b, z: (b.sum(b.mul(z, b.data(np.ones(40)))), z))
    assert emit_llvm({"f": case.program}) == emit_llvm({"f": case.program})


@few
@given(programs())
def test_modules_call_nothing_outside_themselves(case: Case) -> None:
    text = emit_llvm({"density": case.program}).text
    declared = re.findall(r"^declare [^@]*@([^(]*)", text, re.MULTILINE)
    assert all(name.startswith("llvm.") for name in declared)
    assert not any("mem" in name for name in declared)


def test_gaps_of_the_vector_are_zero() -> None:
    def make(b: Any, z: Any) -> Any:
        part = b.view(z, (3,), 0, (1,))
        return b.const(1.5), b.assemble((part, z), ((2, (3,)), (15, (1,))), (20,))

    case = case_of(make, 5)
    scalar, vector = machine_outputs(case)
    assert scalar == 1.5
    right = np.zeros(20)
    right[[2, 5, 8]], right[15:] = case.z[:3], case.z
    np.testing.assert_array_equal(vector, right)
