"""Machine code of every elementary function against numpy arrays, bit for bit."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from exmc.native import compile_ir, host_level, load
from exmc.native.assembler import Assembler, Module
from exmc.native.llvm_lanes import LlvmLanes, LlvmValue, literal
from exmc.native.target import LEVELS
from exmc.numerics.elementary import ELEMENTARY
from exmc.numerics.elementary.arrays import ARRAYS
from exmc.numerics.lanes import lane_sum
from tests.numerics.elementary.edges import arguments, same_bits

pytestmark = pytest.mark.native

Body = Callable[..., LlvmValue]


def write_loop(module: Module, name: str, width: int, count: int, body: Body) -> None:
    """Write `void name(out, n, x0, ...)`: the body at each entry, n a multiple of 8."""
    function = Assembler(module)
    lanes, at = LlvmLanes(function, width), function.reserve("i64")
    function.statement(f"store i64 0, ptr {at}")
    function.jump("loop")
    function.place("loop")
    i = function.emit(f"load i64, ptr {at}")

    def entry(base: str) -> str:
        return function.emit(f"getelementptr double, ptr {base}, i64 {i}")

    inputs = [lanes.load(entry(f"%x{k}")) for k in range(count)]
    lanes.store(body(lanes, *inputs), entry("%out"))
    following = function.emit(f"add i64 {i}, {width}")
    function.statement(f"store i64 {following}, ptr {at}")
    more = function.emit(f"icmp ult i64 {following}, %n")
    function.branch(more, "loop", "done")
    function.place("done")
    function.statement("ret void")
    inputs_text = "".join(f", ptr %x{k}" for k in range(count))
    module.define(
        name, function.body(f"define void @{name}(ptr %out, i64 %n{inputs_text})")
    )


def run(body: Body, at: list[Any], width: int, level: str) -> Any:
    """Compile a body and return its values; skip what this processor has not."""
    known = list(LEVELS)
    if known.index(level) > known.index(host_level()):
        pytest.skip(f"this processor has no {level}")
    module = Module()
    write_loop(module, "f", width, len(at), body)
    loaded = load(compile_ir(module.text, level))
    pointers = [ctypes.c_void_p] * len(at)
    kind = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_int64, *pointers)
    out = np.empty(len(at[0]))
    addresses = [x.ctypes.data for x in at]
    kind(loaded.address("f"))(out.ctypes.data, len(out), *addresses)
    return out


def called(name: str) -> Body:
    return lambda lanes, *inputs: lanes.apply(name, *inputs)


@pytest.mark.parametrize("level", ["sse2", "avx2"])
@pytest.mark.parametrize("width", [1, 8])
@pytest.mark.parametrize("name", ELEMENTARY)
def test_machine_code_has_the_bits_of_arrays(name: str, width: int, level: str) -> None:
    at = arguments(name)
    with np.errstate(all="ignore"):
        expected = ELEMENTARY[name](ARRAYS, *at)
    same_bits(run(called(name), at, width, level), expected)


def test_the_law_of_bits_rejects_code_that_multiplies_and_adds_at_once() -> None:
    def fused(lanes: LlvmLanes, x: LlvmValue) -> LlvmValue:
        intrinsic = f"{lanes.number} @llvm.fma.f64(double"
        lanes.assembler.declare(f"declare {intrinsic}, double, double)")
        text = f"{x.text}, double {x.text}, double {literal(0.1)}"
        return lanes.emit(f"call {intrinsic} {text})")

    x = arguments("exp")
    run(lambda _, x: x * x + 0.1, x, 1, "avx2")
    with pytest.raises(AssertionError), np.errstate(all="ignore"):
        same_bits(run(fused, x, 1, "avx2"), x[0] * x[0] + 0.1)


OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "+": lambda x, y: (x + y) + 0.1,
    "number +": lambda x, y: 0.1 + x * y,
    "-": lambda x, y: (x - y) - 0.1,
    "number -": lambda x, y: 0.1 - x * y,
    "*": lambda x, y: x * y * 0.1,
    "number *": lambda x, y: 0.1 * (x + y),
    "/": lambda x, y: x / y / 0.1,
    "number /": lambda x, y: 0.1 / (x + y),
    "unary -": lambda x, y: -(x + y),
}
MASKS: dict[str, Callable[[Any, Any], Any]] = {
    "<": lambda x, y: x < y,
    "<=": lambda x, y: x <= y,
    ">": lambda x, y: x > y,
    ">=": lambda x, y: x >= 0.5 * y,
    "number <": lambda x, y: 0.5 < x + y,  # noqa: SIM300 - the reflected operator
    "&": lambda x, y: (x < y) & (y < 2.0),
    "|": lambda x, y: (x < y) | (y < 2.0),
    "~": lambda x, y: ~(x < y),
}


@pytest.mark.parametrize("width", [1, 8])
@pytest.mark.parametrize("name", OPERATORS)
def test_an_operator_writes_its_instruction(name: str, width: int) -> None:
    operator, at = OPERATORS[name], arguments("pow")
    with np.errstate(all="ignore"):
        expected = operator(*at)
    same_bits(run(lambda _, x, y: operator(x, y), at, width, "avx2"), expected)


@pytest.mark.parametrize("width", [1, 8])
@pytest.mark.parametrize("name", MASKS)
def test_a_comparison_writes_a_mask(name: str, width: int) -> None:
    operator, at = MASKS[name], arguments("pow")

    def chosen(lanes: LlvmLanes, x: LlvmValue, y: LlvmValue) -> LlvmValue:
        return lanes.where(operator(x, y), x, 3.0)

    expected = np.where(operator(*at), at[0], 3.0)
    same_bits(run(chosen, at, width, "avx2"), expected)


def test_a_total_of_eight_is_that_of_a_lane_sum() -> None:
    (x,) = arguments("exp")
    x = x[np.abs(x) < 1e100]
    x = x[: len(x) // 8 * 8]
    totals = run(lambda lanes, x: lanes.spread(lanes.total(x)), [x], 8, "avx2")
    same_bits(totals, np.repeat(lane_sum(x.reshape(-1, 8)), 8))


def test_one_lane_is_its_own_spread() -> None:
    value = LlvmValue(LlvmLanes(Assembler(Module()), 1), "%x")
    assert value.lanes.spread(value) is value


def test_a_function_stands_in_a_module_once() -> None:
    module = Module()
    lanes = LlvmLanes(Assembler(module), 8)
    for _ in range(2):
        lanes.apply("softplus", lanes.constant(1.0))
    assert module.text.count("define internal") == 2
    assert module.text.count("@exmc.softplus.8(<8 x double> %x0)") == 1


@pytest.mark.parametrize("x", [0.1, -0.0, 5e-324, np.inf, 1.0 / 3.0])
def test_a_literal_has_every_bit(x: float) -> None:
    assert int(literal(x), 16) == int(np.float64(x).view(np.uint64))
