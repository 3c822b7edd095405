from __future__ import annotations

import sys

import autograd.numpy as anp
import pytest

from exmc.gradient.library import ADD, ARRAY_NAMES, GETITEM, UNTAKE
from exmc.gradient.lowering.known import SCIPY, found_rule, register_all
from exmc.gradient.trace import functions
from exmc.ir.operations import ELEMENTWISE, TRACED
from exmc.numerics import differentiable

ONLY_IN_VALUES = {"argmax", "argmin"}


def test_every_rule_of_numpy_is_reached() -> None:
    register_all()
    for name in ("exp", "sum", "_primitive_mean", "concatenate_args", "repeat"):
        assert found_rule(ARRAY_NAMES[name])
    for primitive in (GETITEM, UNTAKE, ADD, anp.linalg.cholesky):
        assert found_rule(primitive)


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_every_elementwise_function_of_a_model_has_a_rule(name: str) -> None:
    assert found_rule(TRACED[name])


def test_every_function_of_ours_has_a_rule() -> None:
    ours = [value for value in vars(differentiable).values() if hasattr(value, "fun")]
    assert ours
    assert [f.__name__ for f in ours if not found_rule(f)] == []


@pytest.mark.parametrize("module", SCIPY)
def test_scipys_functions_are_looked_up_when_one_is_met(module: str) -> None:
    __import__(module)
    for name in SCIPY[module]:
        assert found_rule(vars(sys.modules[module])[name])


def test_what_no_program_computes_has_no_rule() -> None:
    without = [name for name, f in functions().items() if not found_rule(f)]
    assert {"sort", "median", "linalg.eigh", "interp"} <= set(without)
