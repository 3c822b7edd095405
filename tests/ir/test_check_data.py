from __future__ import annotations

import numpy as np
import pytest

from exmc.ir.check_data import (
    data_violations,
    index_violations,
    nan_error,
    nan_violations,
    place,
)
from exmc.ir.node import Data
from tests.ir.graphs import (
    DataRef,
    Deterministic,
    VariableRef,
    constant,
    graph_of,
    normal,
    op,
)

A = VariableRef("a", (3,))


def messages(violations: object) -> list[str]:
    return [str(v) for v in violations]  # type: ignore[attr-defined]


def test_nan_is_named_with_its_index() -> None:
    node = Data("x", np.array([1.0, np.nan, np.nan]))
    assert messages(data_violations(node)) == [
        (
            "Data 'x' has NaN at index 1 (2 of 3 entries); leave those entries out, or "
            "fill them in."
        )
    ]


def test_nan_in_a_matrix_is_named_with_both_indices() -> None:
    error = nan_error("Data 'X'", np.array([[0.0, 1.0], [np.nan, 1.0]]))
    assert str(error).startswith("Data 'X' has NaN at index (1, 0) (1 of 4 entries);")


def test_empty_data_are_named() -> None:
    assert messages(data_violations(Data("x", np.zeros((0, 2))))) == [
        "Data 'x' is empty, shape (0, 2); give at least one entry."
    ]


def test_whole_numbers_and_infinity_are_no_nan() -> None:
    assert messages(data_violations(Data("x", np.array([1, 2])))) == []
    assert messages(data_violations(Data("x", np.array([np.inf])))) == []


def test_a_constant_inside_an_expression_is_looked_at() -> None:
    nan = constant([0.0, 0.0, np.nan])
    assert messages(nan_violations("Potential 'p'", op("add", A, nan))) == [
        (
            "A constant in Potential 'p' has NaN at index 2 (1 of 3 entries); leave "
            "those "
            "entries out, or fill them in."
        )
    ]


def test_an_index_made_of_data_is_checked_against_the_axis() -> None:
    which = DataRef("i", (2,), "int64")
    known = {"i": np.array([0, 3])}
    graph = graph_of(
        Data("i", known["i"]),
        normal("a", 0.0, 1.0, shape=(3,)),
        Deterministic("d", op("getitem", A, op("subtract", which, constant(0)))),
    )
    assert messages(index_violations(known, graph.node("d"))) == [
        (
            "a[i - 0] points outside a of shape (3,): index 3 is out of bounds for "
            "axis 0 "
            "with size 3; correct the index (it counts from zero)."
        )
    ]


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        (np.array(True), ""),
        (np.array([False, True]), " at index 1"),
        (np.array([[False], [True]]), " at index (1, 0)"),
    ],
)
def test_a_place_is_told_as_the_array_needs(wrong: np.ndarray, where: str) -> None:
    assert place(wrong) == where
