from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from exmc.errors import BadDataError, ModelError, ShapeMismatchError
from exmc.ir.construct import constant, frozen_array, op
from exmc.ir.expression import DataRef, VariableRef

A = VariableRef("a", (3,))
B = VariableRef("b", (4,))
X = DataRef("X", (5, 4), "float64")


@pytest.mark.parametrize(
    ("function", "arguments", "shape", "dtype"),
    [
        ("add", (A, constant(1)), (3,), "float64"),
        ("add", (constant(1), constant(2)), (), "int64"),
        ("less", (A, constant(1.0)), (3,), "bool"),
        ("matmul", (X, B), (5,), "float64"),
        ("outer", (A, B), (3, 4), "float64"),
        ("sum", (X, 0), (4,), "float64"),
        ("getitem", (A, None, slice(1, None)), (1, 2), "float64"),
        ("getitem", (A, constant([[0, 2]])), (1, 2), "float64"),
        ("getitem", (A, DataRef("i", (7,), "int64")), (7,), "float64"),
        ("where", (constant(value=True), A, constant(0.0)), (3,), "float64"),
        ("divide", (constant(1), constant(2)), (), "float64"),
    ],
)
def test_numpy_decides_shape_and_dtype(
    function: str, arguments: tuple[Any, ...], shape: tuple[int, ...], dtype: str
) -> None:
    result = op(function, *arguments)
    assert (result.shape, result.dtype) == (shape, dtype)


@pytest.mark.parametrize(
    ("function", "arguments", "message"),
    [
        (
            "add",
            (A, B),
            (
                r"Cannot apply add to a of shape \(3,\) and b of shape \(4,\): the "
                r"shapes "
                r"do not broadcast; make them agree, by indexing or with an axis of "
                r"length 1\."
            ),
        ),
        (
            "matmul",
            (X, A),
            (
                r"Cannot apply matmul to X of shape \(5, 4\) and a of shape \(3,\): "
                r"the "
                r"lengths to sum over differ; make them agree, by indexing or with a "
                r"transpose\."
            ),
        ),
        (
            "reshape",
            (A, (2, 2)),
            (
                r"Cannot apply reshape to a of shape \(3,\): cannot reshape array of "
                r"size "
                r"3 into shape \(2,2\); check the shapes\."
            ),
        ),
        (
            "getitem",
            (A, 7),
            (
                r"Cannot apply getitem to a of shape \(3,\): index 7 is out of bounds "
                r"for "
                r"axis 0 with size 3; check the shapes\."
            ),
        ),
    ],
)
def test_a_mismatch_names_both_shapes_and_variables(
    function: str, arguments: tuple[Any, ...], message: str
) -> None:
    with pytest.raises(ShapeMismatchError, match=f"^{message}$"):
        op(function, *arguments)


def test_an_operation_that_numpy_refuses_is_not_called_a_shape_mismatch() -> None:
    condition = op("less", A, constant(0.0))
    with pytest.raises(ModelError, match="^Cannot apply subtract to a < 0.0 of shape"):
        op("subtract", condition, condition)


def test_numbers_are_copied_and_read_only() -> None:
    mine = np.array([1.0, 2.0])
    ours = constant(mine).value
    mine[0] = 7.0
    assert ours.tolist() == [1.0, 2.0]
    with pytest.raises(ValueError, match="read-only"):
        ours[0] = 3.0


@pytest.mark.parametrize(
    ("given", "dtype"),
    [
        (3, "int64"),
        (np.float32(1.5), "float64"),
        ([True, False], "bool"),
        (np.array([1], dtype=np.uint8), "int64"),
    ],
)
def test_there_are_three_dtypes(given: object, dtype: str) -> None:
    assert frozen_array(given, "It").dtype.name == dtype


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (
            ["a"],
            (
                r"Observed 'y' must be made of real numbers, got an array of <U1; "
                r"convert "
                r"it, for example with np\.asarray\(\.\.\., dtype=float\)\."
            ),
        ),
        (1j, r"Observed 'y' must be made of real numbers, got an array of complex128"),
        ([[1], [2, 3]], r"Observed 'y' must be a rectangular array of numbers: "),
        (
            np.ma.masked_array([1.0, 2.0], mask=[False, True]),
            (
                r"Observed 'y' has masked entries, which are not supported; leave the "
                r"masked entries out\."
            ),
        ),
    ],
)
def test_what_is_not_numbers_is_refused(given: object, message: str) -> None:
    with pytest.raises(BadDataError, match=f"^{message}"):
        frozen_array(given, "Observed 'y'")


def test_a_negative_power_of_whole_numbers_is_no_matter_of_shapes() -> None:
    message = (
        r"^Cannot apply power to \[2, 3\] of shape \(2,\) and -1 \(a scalar\): whole "
        r"numbers have no negative powers; make them floats, for example with 1\.0 \* "
    )
    with pytest.raises(ModelError, match=message):
        op("power", constant([2, 3]), constant(-1))


def test_a_list_with_quantities_in_a_wrong_place_has_one_message() -> None:
    class Refusing:
        def __array__(self, *_: object, **__: object) -> None:
            message = "No numbers yet."
            raise ModelError(message)

    with pytest.raises(ModelError, match="^No numbers yet.$"):
        frozen_array([Refusing()], "A list")
