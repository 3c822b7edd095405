from __future__ import annotations

import ctypes
from collections.abc import Callable

import pytest

from exmc.gradient.llvm.flow import counted, nested
from exmc.native.assembler import Assembler, Module
from exmc.native.loading import load
from exmc.native.target import compile_ir

pytestmark = pytest.mark.native


def counting(write: Callable[[Assembler, str], None]) -> int:
    """Run what is written, with a pointer to an i64 that begins at 0; return that."""
    module = Module()
    assembler = Assembler(module)
    total = assembler.reserve("i64")
    assembler.statement(f"store i64 0, ptr {total}")
    write(assembler, total)
    assembler.statement(f"ret i64 {assembler.emit(f'load i64, ptr {total}')}")
    module.define("f", assembler.body("define i64 @f()"))
    loaded = load(compile_ir(module.text))
    return int(ctypes.CFUNCTYPE(ctypes.c_int64)(loaded.address("f"))())


def add(assembler: Assembler, total: str, x: int | str) -> None:
    old = assembler.emit(f"load i64, ptr {total}")
    assembler.statement(
        f"store i64 {assembler.emit(f'add i64 {old}, {x}')}, ptr {total}"
    )


@pytest.mark.parametrize(
    ("stop", "step"), [(0, 1), (1, 1), (2, 1), (9, 1), (8, 8), (16, 8), (7, 3)]
)
def test_a_loop_runs_over_a_range(stop: int, step: int) -> None:
    def write(assembler: Assembler, total: str) -> None:
        with counted(assembler, stop, step) as index:
            add(assembler, total, index)
            add(assembler, total, 1000)

    indices = range(0, stop, step)
    assert counting(write) == sum(indices) + 1000 * len(indices)


def test_a_body_that_runs_once_is_no_loop() -> None:
    assembler = Assembler(Module())
    with counted(assembler, 5, 8) as index:
        assert index == 0
    assert assembler.block == "entry"


@pytest.mark.parametrize("counts", [(), (3,), (2, 3), (1, 4, 2), (3, 0)])
def test_the_last_index_of_a_nest_is_fastest(counts: tuple[int, ...]) -> None:
    def write(assembler: Assembler, total: str) -> None:
        with nested(assembler, counts) as index:
            old = assembler.emit(f"load i64, ptr {total}")
            number = assembler.emit(f"mul i64 {old}, 7")
            for axis, at in enumerate(index):
                far = assembler.emit(f"mul i64 {at}, {axis + 1}")
                number = assembler.emit(f"add i64 {number}, {far}")
            assembler.statement(f"store i64 {number}, ptr {total}")

    wanted = 0
    if counts == (3, 0):
        assert counting(write) == 0
        return
    for index in nest(counts):
        wanted = 7 * wanted + sum((axis + 1) * at for axis, at in enumerate(index))
    assert counting(write) == wanted


def nest(counts: tuple[int, ...]) -> list[tuple[int, ...]]:
    found: list[tuple[int, ...]] = [()]
    for count in counts:
        found = [(*index, at) for index in found for at in range(count)]
    return found
