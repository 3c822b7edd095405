"""Programs of a few lines, run as machine code beside the strict function."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from exmc.gradient.llvm import emit_llvm
from exmc.gradient.node import Node
from exmc.gradient.plain_builder import PlainBuilder
from exmc.gradient.program import Program
from exmc.gradient.strict_emitter import emit_strict
from exmc.native.function import NativeFunction
from exmc.native.loading import load
from exmc.native.target import LEVELS, compile_ir, host_level
from tests.gradient.programs import Case

Make = Callable[[PlainBuilder, Node], tuple[Node, Node]]
"""From a builder and the input to the scalar and the vector output."""

CANARY = 1234.5

PROCESSORS = list(LEVELS)[: 1 + list(LEVELS).index(host_level())][-2:]
"""The two richest kinds of processor whose code runs here."""


def numbers(*shape: int, seed: int = 1) -> np.ndarray:
    return np.random.Generator(np.random.PCG64(seed)).standard_normal(shape)


def case_of(make: Make, dim: int = 40) -> Case:
    builder = PlainBuilder(dim)
    program, data = builder.program(*make(builder, builder.input()))
    return Case(program, tuple(data), numbers(dim, seed=7))


def vector_of(expression: Callable[[PlainBuilder, Node], Node], dim: int = 40) -> Case:
    """Return a program whose vector output is this, its entries one after another."""

    def make(b: PlainBuilder, z: Node) -> tuple[Node, Node]:
        node = expression(b, z)
        whole = node if len(node.shape) == 1 else b.reshape(node, (node.size,))
        return b.const(0.0), whole

    return case_of(make, dim)


def scalar_of(expression: Callable[[PlainBuilder, Node], Node], dim: int = 40) -> Case:
    return case_of(lambda b, z: (expression(b, z), z), dim)


def machine(case: Case, processor: str | None = None) -> NativeFunction:
    return machine_of(case.program, case.data, processor)


def machine_of(
    program: Program, data: tuple[Any, ...], processor: str | None = None
) -> NativeFunction:
    module = emit_llvm({"density": program})
    loaded = load(compile_ir(module.text, processor))
    return NativeFunction(loaded, "density", data, module.work["density"])


def machine_outputs(case: Case, processor: str | None = None) -> tuple[float, Any]:
    """Return both outputs; nothing is written beyond the vector's end."""
    out = np.full(case.program.width + 8, CANARY)
    scalar = machine(case, processor)(np.ascontiguousarray(case.z), out)
    assert (out[case.program.width :] == CANARY).all()
    return scalar, out[: case.program.width]


def strict_outputs(case: Case) -> tuple[float, Any]:
    out = np.full(case.program.width, np.nan)
    with np.errstate(all="ignore"):
        scalar = emit_strict(case.program).bind(case.data)(case.z, out)
    return scalar, out


def assert_strict_bits(case: Case, processor: str | None = None) -> None:
    """Fail unless machine code gives the strict function's bits; NaN is NaN."""
    right, rights = strict_outputs(case)
    scalar, vector = machine_outputs(case, processor)
    for found, wanted in ((np.array(scalar), np.array(right)), (vector, rights)):
        np.testing.assert_array_equal(found, wanted, err_msg=case.program.text)
        signs = np.signbit(found) != np.signbit(wanted)
        assert not (signs & ~np.isnan(wanted)).any(), case.program.text
