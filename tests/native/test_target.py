from __future__ import annotations

import pytest

from exmc.native import target
from exmc.native.loading import load
from exmc.native.target import (
    LEVELS,
    SWITCH,
    available,
    compile_ir,
    host_level,
    machine_for,
    obstacle,
)
from tests.native.levels import HERE

TEXT = """
declare double @llvm.sqrt.f64(double)

define double @root_of_sum(double %x, double %y) {
  %sum = fadd double %x, %y
  %root = call double @llvm.sqrt.f64(double %sum)
  ret double %root
}
"""
MULTIPLY_AND_ADD = """
define <8 x double> @f(<8 x double> %a, <8 x double> %b, <8 x double> %c) {
  %product = fmul <8 x double> %a, %b
  %sum = fadd <8 x double> %product, %c
  ret <8 x double> %sum
}
"""


def test_the_environment_switches_machine_code_off(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(SWITCH, "0")
    assert not available()
    assert obstacle() == "EXMC_NATIVE=0 switches machine code off"


def test_a_missing_library_is_told_from_the_switch(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv(SWITCH, raising=False)
    monkeypatch.setattr(target, "find_spec", lambda name: name)
    assert obstacle() is None
    monkeypatch.setattr(target, "find_spec", lambda _: None)
    assert obstacle() == "llvmlite, which makes machine code, is not installed"


@pytest.mark.native
def test_linux_and_llvm_agree_about_the_host() -> None:
    needs = {need for level in LEVELS.values() for need in level.needs}
    linux = target._features_by_linux()
    if not linux:
        pytest.skip("this system has no /proc/cpuinfo with flags")
    assert linux & needs == target._features_by_llvm() & needs


@pytest.mark.native
def test_the_same_text_gives_the_same_object_file() -> None:
    assert compile_ir(TEXT) == compile_ir(TEXT)


@pytest.mark.native
def test_every_level_compiles_and_the_hosts_own_loads() -> None:
    files = {level: compile_ir(TEXT, level) for level in HERE}
    assert load(files[host_level()]).address("root_of_sum") > 0


@pytest.mark.native
def test_text_that_is_not_llvm_is_refused_with_the_place() -> None:
    with pytest.raises(RuntimeError, match=r"line|<string>:\d"):
        compile_ir("define double @f() {\n  ret i64 1\n}\n")


@pytest.mark.native
def test_a_product_and_a_sum_are_rounded_separately() -> None:
    """Though level avx2 has the instruction that would round once."""
    machine = machine_for("avx2")
    from llvmlite.binding import parse_assembly  # noqa: PLC0415

    assembly = machine.emit_assembly(parse_assembly(MULTIPLY_AND_ADD))
    assert "vmulpd" in assembly
    assert "vfmadd" not in assembly
