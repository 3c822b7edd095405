from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from exmc.gradient.program import Instruction, Program
from exmc.gradient.source.function import SourceFunction
from exmc.typing import Density, Vector

INVERSE = """\
def bind(data, otherwise):
    c0 = {beforehand}
    def function(z, out):
        try:
            out[0] = 1.0 / z.item(0)
            return c0
        except (ArithmeticError, ValueError):
            return otherwise(z, out)
    return function
"""
PROGRAM = Program(1, (), (Instruction("input", (), (1,)),), 0, 0)


class Fallback:
    """Counts how often it is made, and answers -1."""

    made = 0

    def __call__(self, _data: Any) -> Density:
        self.made += 1

        def minus_one(_z: Vector, out: Vector) -> float:
            out[:] = -1.0
            return -1.0

        return minus_one


def call(beforehand: str, z: float) -> tuple[float, float, int]:
    """Return the scalar, the vector's entry, and how many fallbacks were made."""
    fallback, out = Fallback(), np.zeros(1)
    source = INVERSE.format(beforehand=beforehand)
    bound = SourceFunction(PROGRAM, source, {"log": math.log}, fallback).bind([])
    bound(np.array([z]), out)
    return bound(np.array([z]), out), float(out[0]), fallback.made


def test_a_bound_function_writes_and_returns() -> None:
    assert call("2.0", 4.0) == (2.0, 0.25, 0)


def test_where_python_raises_the_fallback_is_made_once_and_answers() -> None:
    assert call("2.0", 0.0) == (-1.0, -1.0, 1)


def test_data_that_raise_beforehand_leave_the_fallback() -> None:
    assert call("log(-1.0)", 4.0) == (-1.0, -1.0, 1)


def test_other_mistakes_are_not_hidden() -> None:
    with pytest.raises(NameError):
        call("nobody", 1.0)
