from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

from exmc.ir.operations import ARRAY, ELEMENTWISE, PLAIN, SPECIAL, TRACED
from exmc.numerics.autodiff import value_and_grad

X = np.array([0.3, 0.6, 0.8])
LARGER = X + 1.5
MATRIX = np.array([[0.3, 0.9, 0.5], [0.7, 0.2, 0.4]])


@dataclass(frozen=True)
class Row:
    """A function at a point in its domain, with what follows its first array."""

    name: str
    at: Any = field(default_factory=lambda: X)
    after: tuple[Any, ...] = ()
    keywords: dict[str, Any] = field(default_factory=dict)
    before: tuple[Any, ...] = ()


STEPS = ("equal", "greater", "greater_equal", "less", "less_equal", "not_equal")
LOGIC = ("logical_and", "logical_or")
PAIRS = ("add", "arctan2", "divide", "logaddexp", "maximum", "minimum", "multiply")
MORE_PAIRS = ("power", "remainder", "subtract")

ROWS = [
    *(Row(name, after=(np.array([0.7, 0.5, 0.3]),)) for name in PAIRS + MORE_PAIRS),
    *(Row(name, after=(np.array([0.7, 0.6, 0.1]),)) for name in STEPS),
    *(Row(name, at=X > 0.5, after=(X < 0.7,)) for name in LOGIC),
    Row("logical_not", at=X > 0.5),
    Row("arccosh", at=LARGER),
    *(
        Row(name)
        for name in ELEMENTWISE
        if name not in {*PAIRS, *MORE_PAIRS, *STEPS, *LOGIC, "logical_not", "arccosh"}
    ),
    *(Row(name) for name in SPECIAL),
    Row("all", at=X > 0.5),
    Row("any", at=X > 0.5),
    Row("broadcast_to", after=((2, 3),)),
    Row("clip", after=(0.4, 0.7)),
    Row("concatenate", after=(LARGER,)),
    Row("cumsum", at=MATRIX, keywords={"axis": 1}),
    Row("diff"),
    Row("dot", after=(LARGER,)),
    Row("einsum", at=MATRIX, after=(X,), before=("ij,j->i",)),
    Row("expand_dims", after=(0,)),
    Row("getitem", after=(slice(1, None),)),
    Row("getitem", at=MATRIX, after=(..., np.array([0, 2, 2]))),
    Row("inner", after=(LARGER,)),
    Row("matmul", at=MATRIX, after=(X,)),
    Row("max"),
    Row("mean", at=MATRIX, keywords={"axis": 0}),
    Row("min"),
    Row("outer", after=(LARGER,)),
    Row("prod"),
    Row("ravel", at=MATRIX),
    Row("repeat", after=(2,)),
    Row("reshape", at=MATRIX, after=((3, 2),)),
    Row("squeeze", at=X[None]),
    Row("stack", after=(LARGER,), keywords={"axis": 1}),
    Row("std", keywords={"ddof": 1}),
    Row("sum", at=MATRIX, keywords={"axis": 1}),
    Row("swapaxes", at=MATRIX, after=(0, 1)),
    Row("tensordot", after=(LARGER, 1)),
    Row("trace", at=MATRIX),
    Row("transpose", at=MATRIX),
    Row("var"),
    Row("where", at=X > 0.5, after=(X, LARGER)),
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_the_traced_function_equals_the_plain_one(row: Row) -> None:
    arguments = (*row.before, row.at, *row.after)
    plain = PLAIN[row.name](*arguments, **row.keywords)
    traced = TRACED[row.name](*arguments, **row.keywords)
    np.testing.assert_array_equal(plain, traced)


@pytest.mark.parametrize(
    "row", [row for row in ROWS if row.at.dtype.kind == "f"], ids=lambda row: row.name
)
def test_the_gradient_equals_central_differences(row: Row) -> None:
    function = TRACED[row.name]

    def total(z: Any) -> Any:
        answer = function(*row.before, z, *row.after, **row.keywords)
        return TRACED["sum"](TRACED["multiply"](answer, 1.0) ** 2)

    _, gradient = value_and_grad(total)(row.at)
    step = 1e-6
    for entry in np.ndindex(row.at.shape):
        nudge = np.zeros(row.at.shape)
        nudge[entry] = step
        difference = (total(row.at + nudge) - total(row.at - nudge)) / (2 * step)
        if row.name not in STEPS:
            assert gradient[entry] == pytest.approx(difference, rel=1e-6, abs=1e-7)


def test_every_function_has_a_row() -> None:
    assert {row.name for row in ROWS} == set(PLAIN) == set(TRACED)


def test_no_name_is_in_two_groups() -> None:
    assert len({*ELEMENTWISE, *ARRAY, *SPECIAL}) == len(
        [*ELEMENTWISE, *ARRAY, *SPECIAL]
    )
