"""Chains on models by a choice of engine: Python or machine code, sound or broken."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import pytest

from exmc.gradient.executable import DENSITY, VALUES
from exmc.native.subset.kernels import Kernels
from exmc.numerics.random import normals_from_uniforms
from exmc.sampler import PYTHON, NutsChain, Values, block, engine, nuts
from exmc.sampler.native_engine import native_engine
from tests.plain.planted import planted

if TYPE_CHECKING:
    from types import ModuleType

    from exmc.compiler import CompiledModel
    from exmc.sampler import ChainSettings, Engine
    from exmc.typing import Vector

Speed: TypeAlias = Literal["native", "numpy"]
"""Of gradients; the kernels are machine code for "native" and Python for "numpy"."""

NO_REJECT_RULE = planted(
    nuts,
    "        if status == GROWN:\n            # The reject rule",
    "        if True:\n            # The reject rule",
)
"""A half that turned or diverged gives the draw all the same."""


def case(speed: Speed, *values: object, name: str) -> Any:
    """One row of a table of cases; at native speed it needs machine code."""
    marks = [pytest.mark.native] if speed == "native" else []
    return pytest.param(speed, *values, marks=marks, id=f"{name}, {speed}")


@cache
def engine_of(speed: Speed, kernel: ModuleType = nuts) -> Engine:
    """Return the engine whose transitions are those of `kernel`, a copy of nuts."""
    if kernel is nuts:
        return native_engine() if speed == "native" else PYTHON
    here, there = "from exmc.sampler.nuts", f"from {kernel.__name__}"
    broken = planted(block, f"{here} import", f"{there} import")
    if speed == "native":
        kernels = Kernels(broken.begin, broken.advance, normals_from_uniforms)
        return native_engine(kernels.compiled())
    loop = planted(engine, "import block\n", f"import {name_in(broken)} as block\n")
    answer: Engine = loop.PYTHON
    return answer


def name_in(module: ModuleType) -> str:
    """Return a module's name in its package."""
    return module.__name__.rpartition(".")[2]


def chain_on(
    model: CompiledModel,
    settings: ChainSettings,
    seed: int,
    chain: int = 0,
    *,
    initial: Vector | None = None,
    kernel: ModuleType = nuts,
) -> NutsChain:
    """Return a chain, started, on a model compiled for "native" or "numpy"."""
    executable = model.build.executable
    assert executable is not None, model.build.reason
    speed: Speed = "native" if executable.speed == "native" else "numpy"
    functions = executable.realise(model.build.data)
    one = NutsChain(
        functions[DENSITY],
        model.dim,
        settings,
        seed,
        chain,
        initial,
        engine=engine_of(speed, kernel),
        values=Values(functions[VALUES], model.width),
    )
    one.start()
    return one
