"""The sources that machine code is made from: what a cached copy depends on."""

from __future__ import annotations

import sys
from pathlib import Path
from types import FunctionType, ModuleType
from typing import TYPE_CHECKING, Final

import exmc.native
import exmc.numerics

if TYPE_CHECKING:
    from collections.abc import Callable

COMPILER: Final = (exmc.native, exmc.numerics)
"""Packages, all of whose modules may have a say."""


def sources_of(*kernels: Callable[..., object]) -> list[str]:
    """Return the texts of all modules that the kernels, or what they call, stand in.

    And of the compiler itself. A module that they use for something else counts too.
    """
    paths = {p for package in COMPILER for p in _folder(package).rglob("*.py")}
    paths |= {Path(file) for kernel in kernels for file in _modules(kernel.__module__)}
    return [path.read_text() for path in sorted(paths)]


def _folder(package: ModuleType) -> Path:
    return Path(package.__path__[0])


def _modules(start: str) -> list[str]:
    """Return the files of a module, and of those of ours that it has names from."""
    seen: dict[str, str] = {}
    waiting = [start]
    while waiting:
        name = waiting.pop()
        module = sys.modules[name]
        if name in seen or not getattr(module, "__file__", None):
            continue
        seen[name] = str(module.__file__)
        for value in vars(module).values():
            owner = _owner(value)
            if owner.partition(".")[0] == start.partition(".")[0]:
                waiting.append(owner)
    return list(seen.values())


def _owner(value: object) -> str:
    match value:
        case ModuleType():
            return value.__name__
        case FunctionType():
            return value.__module__
        case _:
            return ""
