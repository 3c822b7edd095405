"""A program as a numpy function that rounds as its machine code does, bit for bit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exmc.gradient.source.function import SourceFunction
from exmc.gradient.source.strict import STRICT
from exmc.gradient.source.strict_functions import FUNCTIONS
from exmc.gradient.source.writer import Writer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from exmc.gradient.program import DataArray, Program
    from exmc.typing import Density


def emit_strict(program: Program) -> SourceFunction:
    """Return a program as the source that defines the bits of its results."""
    source = Writer(program, STRICT).source()
    return SourceFunction(program, source, FUNCTIONS, _never)


def _never(_data: Sequence[DataArray]) -> Density:
    message = "Strict functions raise nothing; please report this program."
    raise AssertionError(message)
