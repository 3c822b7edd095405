"""The processors that we compile for, and the way from LLVM text to an object file.

Every level gives the same bits: the text says which lanes a sum has, nothing is
contracted into fused multiply-adds, and nothing is reordered.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import ModuleType

    from llvmlite.binding import ModuleRef, TargetMachine

SWITCH: Final = "EXMC_NATIVE"
"""Environment variable; "0" switches machine code off."""


@dataclass(frozen=True, slots=True)
class Level:
    """A family of processors.

    Attributes:
        cpu: LLVM's name of its plainest member.
        needs: Features, in LLVM's names, that a host of this level has.
    """

    cpu: str
    needs: frozenset[str]


LEVELS: Final[Mapping[str, Level]] = {
    "generic": Level("generic", frozenset()),
    "sse2": Level("x86-64", frozenset(("sse2",))),
    "avx2": Level(
        "x86-64-v3",
        frozenset(("avx2", "bmi", "bmi2", "f16c", "fma", "lzcnt", "movbe")),
    ),
}
"""From plain to rich; the last one that a host has is its own. Wider registers than
those of "avx2" were not faster for models of ordinary size."""

LINUX_NAMES: Final[Mapping[str, str]] = {"bmi1": "bmi", "abm": "lzcnt"}
"""Features that Linux and LLVM call differently."""


def available() -> bool:
    """Tell whether machine code can be made here, and nobody said no."""
    return obstacle() is None


def obstacle() -> str | None:
    """Say what keeps machine code from being made here; None when nothing does."""
    if os.environ.get(SWITCH) == "0":
        return f"{SWITCH}=0 switches machine code off"
    if find_spec("llvmlite") is None:
        return "llvmlite, which makes machine code, is not installed"
    return None


@cache
def host_level() -> str:
    """Return the name of the richest level that this processor has."""
    features = _features_by_linux() or _features_by_llvm()
    return [name for name, level in LEVELS.items() if features >= level.needs][-1]


def _features_by_linux() -> set[str]:
    """Return what /proc/cpuinfo says in LLVM's words; nothing elsewhere."""
    try:
        lines = Path("/proc/cpuinfo").read_text(errors="replace").splitlines()
    except OSError:
        return set()
    flags = next((line for line in lines if line.startswith("flags")), "").split()
    return {LINUX_NAMES.get(flag, flag) for flag in flags}


def _features_by_llvm() -> set[str]:
    features = binding().get_host_cpu_features()
    return {name for name, there in features.items() if there}


def compile_ir(text: str, level: str | None = None) -> bytes:
    """Compile LLVM text into an object file.

    Args:
        text: A module; functions without internal linkage are what a loader finds.
        level: A name of `LEVELS`; by default the host's.

    Raises:
        RuntimeError: LLVM rejects the text; it says where. A fault of ours.
    """
    llvm = binding()
    machine = machine_for(level or host_level())
    with llvm.parse_assembly(text) as module:
        module.verify()
        module.triple = machine.triple
        _optimise(module, machine)
        return bytes(machine.emit_object(module))


def _optimise(module: ModuleRef, machine: TargetMachine) -> None:
    """Run the passes that pay: slots become registers, small kernels are written out.

    All of LLVM's level 2 takes four times as long and saves nothing in a model, a tenth
    in the sampler.
    """
    llvm = binding()
    builder = llvm.create_pass_builder(machine, llvm.create_pipeline_tuning_options())
    passes = llvm.create_new_module_pass_manager()
    passes.add_always_inliner_pass()
    passes.add_sroa_pass()
    passes.add_simplify_cfg_pass()
    passes.run(module, builder)


def machine_for(level: str) -> TargetMachine:
    """Return LLVM's target machine for a level.

    Code is position independent and refers to its constants by 32-bit offsets, so an
    object file may be mapped anywhere as long as it stays in one piece.
    """
    target = binding().Target.from_triple(binding().get_process_triple())
    return target.create_target_machine(
        cpu=LEVELS[level].cpu, opt=2, reloc="pic", codemodel="small"
    )


@cache
def binding() -> ModuleType:
    """Return `llvmlite.binding`, imported and set up at the first call."""
    llvm = import_module("llvmlite.binding")  # 70 ms and 30 MB, so not sooner
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    return llvm
