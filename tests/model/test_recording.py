from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from exmc.errors import ModelError, UntraceableError
from exmc.ir.construct import constant
from exmc.ir.describe import describe
from exmc.ir.expression import DataRef, VariableRef
from exmc.model.recording import indexed, known_name, operand, recorded

A = VariableRef("a", (3,))
FLAG = VariableRef("f", (), "bool")


@pytest.mark.parametrize(
    ("name", "arguments", "keywords", "text"),
    [
        ("abs", (A,), {}, "absolute(a)"),
        ("true_divide", (A, 2), {}, "a / 2"),
        ("gammaln", (A,), {}, "lgamma(a)"),
        ("amax", (A,), {"axis": 0, "out": None}, "max(a, axis=0)"),
        ("sum", (A, 0), {}, "sum(a, 0)"),
        ("sum", (A,), {"axis": np.int64(0), "keepdims": True}, "sum(a, axis=0, keepd"),
        ("concatenate", ((A, A), 0), {}, "concatenate(a, a, axis=0)"),
        ("concatenate", ([A, [1.0]],), {}, "concatenate(a, [1.0], axis=0)"),
        ("stack", ([A, A],), {"axis": 1}, "stack(a, a, axis=1)"),
        ("where", (FLAG, A, 0.0), {}, "where(f, a, 0.0)"),
        ("concatenate", ((A, A),), {"axis": None}, "concatenate(ravel(a), ravel(a),"),
        ("diff", (A,), {"n": 2}, "diff(a, n=2)"),
        ("clip", (A, 0, 1), {}, "clip(a, 0, 1)"),
        ("clip", (A, 0, None), {}, "clip(a, 0, inf)"),
        ("clip", (A, None, 0), {}, "clip(a, -inf, 0)"),
        ("reshape", (A, [3, 1]), {}, "reshape(a, (3, 1))"),
        ("einsum", ("i,i->", A, [1.0, 2.0, 3.0]), {}, "einsum('i,i->', a, [1.0, 2.0"),
        ("tensordot", (A, A, 1), {}, "tensordot(a, a, 1)"),
        ("add", (A, [A, A]), {}, "a + stack(a, a)"),
        ("bitwise_and", (FLAG, FLAG), {}, "logical_and(f, f)"),
        ("invert", (FLAG,), {}, "logical_not(f)"),
    ],
)
def test_a_call_of_numpy_becomes_an_operation(
    name: str, arguments: tuple[Any, ...], keywords: dict[str, Any], text: str
) -> None:
    assert describe(recorded(name, arguments, keywords)).startswith(text)


@pytest.mark.parametrize(
    ("index", "text"),
    [
        (1, "a[1]"),
        (np.int64(1), "a[1]"),
        (slice(None, np.int64(2)), "a[:2]"),
        ((None, ...), "a[None, ...]"),
        ([0, 2], "a[[0, 2]]"),
        (np.array([True, False, True]), "a[[True, False, True]]"),
        (DataRef("i", (5,), "int64"), "a[i]"),
        (constant(1), "a[1]"),
    ],
)
def test_an_index_is_a_slice_or_whole_numbers(index: Any, text: str) -> None:
    assert describe(indexed(A, index)) == text


@pytest.mark.parametrize(
    ("index", "shown"),
    [
        (VariableRef("k", ()), "k"),
        (DataRef("x", (3,), "float64"), "x"),
        (DataRef("mask", (3,), "bool"), "mask"),
        ([0.5], r"\[0.5\]"),
    ],
)
def test_an_index_that_is_not_known_before_sampling_is_refused(
    index: Any, shown: str
) -> None:
    message = (
        rf"^a cannot be indexed by {shown}; an index must be a slice or whole numbers "
        r"known before sampling \(for a mask, take np\.flatnonzero\(mask\) of the "
        r"plain array; to choose by a variable, use np\.where\)\.$"
    )
    with pytest.raises(UntraceableError, match=message):
        indexed(A, index)


def test_a_bound_of_a_slice_must_be_a_whole_number() -> None:
    with pytest.raises(
        ModelError, match="^A bound of a slice must be a whole number, g"
    ):
        indexed(A, slice(0, 1.5))


def test_an_unknown_function_lists_the_known_ones() -> None:
    message = (
        "^fft cannot be applied to a quantity of a model; write it with the functions "
        "that can be recorded: absolute, add, all, "
    )
    with pytest.raises(UntraceableError, match=message):
        known_name("fft")


def test_a_keyword_that_cannot_be_recorded_is_named() -> None:
    message = (
        "^The argument dtype= of sum cannot be recorded for a quantity of a model; "
        "leave it out.$"
    )
    with pytest.raises(UntraceableError, match=message):
        recorded("sum", (A,), {"dtype": int})


def test_where_without_choices_is_refused() -> None:
    with pytest.raises(UntraceableError, match="^where needs a condition and two cho"):
        recorded("where", (FLAG,), {})


def test_a_quantity_where_a_plain_number_belongs_is_refused() -> None:
    message = (
        "^An argument of reshape must be a plain number, text or tuple, got "
        "VariableRef; only the arrays may be quantities of a model.$"
    )
    with pytest.raises(UntraceableError, match=message):
        recorded("reshape", (A, FLAG), {})


def test_a_bitwise_operator_between_numbers_is_refused() -> None:
    message = (
        r"^bitwise_and is for conditions, got a of float64; put comparisons in "
        r"parentheses: \(a > 0\) & \(b > 0\)\.$"
    )
    with pytest.raises(UntraceableError, match=message):
        recorded("bitwise_and", (A, 1), {})


def test_a_list_with_quantities_is_stacked() -> None:
    assert operand([A, [1.0, 2.0, 3.0]]).shape == (2, 3)
    assert operand([1.0, 2.0]).shape == (2,)
