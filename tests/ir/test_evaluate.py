from __future__ import annotations

import numpy as np
import pytest

from exmc.ir.evaluate import evaluate, is_static, static_values
from tests.ir.graphs import DataRef, VariableRef, constant, everything, op

X = DataRef("x", (3,), "float64")
KNOWN = {"x": np.array([1.0, 2.0, 3.0])}


def test_an_expression_of_data_has_a_value() -> None:
    root = op("sum", op("multiply", X, constant(2.0)), axis=0)
    assert evaluate(root, KNOWN) == 12.0


def test_a_warning_stays_inside() -> None:
    assert evaluate(op("log", constant(0.0)), {}) == -np.inf


def test_an_expression_of_a_variable_is_not_static() -> None:
    a = VariableRef("a", ())
    assert is_static(X, KNOWN)
    assert not is_static(op("add", X, a), KNOWN)
    with pytest.raises(KeyError):
        evaluate(a, KNOWN)


def test_static_values_are_what_no_free_variable_can_change() -> None:
    assert set(static_values(everything())) == {"x", "which", "y", "counts", "seen"}
