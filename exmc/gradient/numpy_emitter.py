"""A program as one flat numpy function: scalars are Python floats, vectors arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exmc.gradient.source.fast import FAST
from exmc.gradient.source.fast_functions import FUNCTIONS
from exmc.gradient.source.function import SourceFunction
from exmc.gradient.source.writer import Writer
from exmc.gradient.strict_emitter import emit_strict

if TYPE_CHECKING:
    from exmc.gradient.program import Program


def emit_numpy(program: Program) -> SourceFunction:
    """Return a program as the fastest source; right to rounding.

    Where Python's floats raise and IEEE arithmetic has an answer, it is that of
    `emit_strict`.
    """
    source = Writer(program, FAST).source()
    return SourceFunction(
        program, source, FUNCTIONS, lambda data: emit_strict(program).bind(data)
    )
