"""Kernels of the tests, compiled."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from exmc.native.assembler import Module
from exmc.native.loading import load
from exmc.native.subset.function import define, export
from exmc.native.subset.kernels import Kernel
from exmc.native.subset.source import SubsetError
from exmc.native.target import compile_ir

Compiled = Mapping[str, Callable[..., Any]]


def compiled(*functions: Callable[..., Any]) -> Compiled:
    """The kernels in machine code, by name."""
    module = Module()
    for kernel in functions:
        export(module, kernel)
    loaded = load(compile_ir(module.text))
    return {kernel.__name__: Kernel(kernel, loaded) for kernel in functions}


def refused(function: Callable[..., Any], message: str) -> int:
    """Check that the compiler refuses a kernel; return the line, from its `def`."""
    with pytest.raises(SubsetError, match=message) as caught:
        define(Module(), function)
    assert caught.value.filename == function.__code__.co_filename
    return (caught.value.lineno or 0) - function.__code__.co_firstlineno
