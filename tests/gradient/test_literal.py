from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from exmc.errors import UnknownFormatError
from exmc.gradient.literal import decode, decode_array, encode, encode_array

LITERALS = [
    None,
    True,
    7,
    -0.25,
    1e308,
    5e-324,
    "ij,j->i",
    ...,
    slice(None),
    slice(1, -1, 2),
    (),
    (1, (2.5, None)),
    [1, 2],
    {"a": (1,)},
    float("inf"),
    float("-inf"),
    np.dtype("float64"),
]


def travelled(value: Any) -> Any:
    text = json.dumps(encode(value), allow_nan=False)
    return decode(json.loads(text))


@pytest.mark.parametrize("value", LITERALS, ids=repr)
def test_a_literal_survives_the_round_trip(value: Any) -> None:
    assert travelled(value) == value
    assert type(travelled(value)) is type(value)


def test_nan_survives() -> None:
    assert np.isnan(travelled(float("nan")))


@settings(max_examples=50, deadline=None)
@given(arrays(np.float64, array_shapes(min_dims=0, max_dims=3)))
def test_floats_survive_to_the_last_bit(array: np.ndarray[Any, Any]) -> None:
    again = travelled(array)
    assert again.dtype == array.dtype
    np.testing.assert_array_equal(again, array)
    assert (np.signbit(again) == np.signbit(array))[~np.isnan(array)].all()


@settings(max_examples=50, deadline=None)
@given(arrays(np.int64, array_shapes(), elements=st.integers(-(2**63), 2**63 - 1)))
def test_whole_numbers_survive_exactly(array: np.ndarray[Any, Any]) -> None:
    assert (travelled(array) == array).all()


def test_numpys_scalars_become_pythons() -> None:
    assert type(travelled(np.float64(0.5))) is float
    assert type(travelled(np.int64(5))) is int
    assert type(travelled(np.bool_(True))) is bool


def test_a_type_of_numbers_becomes_its_dtype() -> None:
    assert travelled(float) == np.dtype("float64")
    assert travelled(np.float32) == np.dtype("float64")


def test_a_decoded_array_is_read_only() -> None:
    assert not decode_array(encode_array(np.zeros(3))).flags.writeable


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (object(), "object is not a number, text, slice or array"),
        (np.array(["a"]), "an array of <U1 is not made of real numbers"),
        (np.array([1j]), "an array of complex128 is not made of real numbers"),
    ],
)
def test_what_is_no_literal_is_refused(value: Any, message: str) -> None:
    with pytest.raises(TypeError, match=f"^{message}$"):
        encode(value)


@pytest.mark.parametrize(
    "alien",
    [
        {"float": "two"},
        {"code": "print(1)"},
        {"tuple": 3},
        {"slice": [1]},
        {"dtype": "object"},
        {"list": [1], "tuple": [1]},
        {},
    ],
)
def test_an_alien_literal_is_refused(alien: Any) -> None:
    with pytest.raises(UnknownFormatError, match="^Unknown literal "):
        decode(alien)


@pytest.mark.parametrize(
    "alien",
    [
        {"dtype": "object", "shape": [1], "data": [1]},
        {"dtype": "float64", "shape": [3], "data": [1.0]},
        {"dtype": "float64", "shape": [1], "data": ["two"]},
        {"dtype": "int64", "shape": [1], "data": [2**80]},
        {"shape": [1], "data": [1.0]},
    ],
)
def test_an_alien_array_is_refused(alien: Any) -> None:
    with pytest.raises(UnknownFormatError, match="^Unknown array in a model file: "):
        decode_array(alien)
