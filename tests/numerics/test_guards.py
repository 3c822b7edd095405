"""Array values become Python numbers here, or are refused by name."""

from __future__ import annotations

import math

import numpy as np
import pytest

from exmc.errors import BadDataError, OptionError
from exmc.numerics import guards


@pytest.mark.parametrize("value", [np.float64(2.5), np.array(2.5), 2.5])
def test_a_finite_value_becomes_a_python_float(value: float) -> None:
    number = guards.finite_or_nan(value)
    assert number == 2.5
    assert type(number) is float


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, np.array(np.inf)])
def test_a_non_finite_value_becomes_nan(value: float) -> None:
    assert math.isnan(guards.finite_or_nan(value))


@pytest.mark.parametrize(
    ("values", "expected"),
    [([], True), ([1.0, -1e308], True), ([1.0, np.nan], False), (-np.inf, False)],
)
def test_all_finite_sees_one_bad_entry(values: list[float], *, expected: bool) -> None:
    assert guards.all_finite(np.asarray(values)) is expected


def test_a_scalar_may_be_an_array_of_one_entry() -> None:
    assert guards.scalar(np.array([[3]]), "n") == 3.0


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (np.zeros(3), r"^sigma must be one number, got an array of shape \(3,\);"),
        ("two", r"^sigma must be one number, got 'two';"),
        (np.nan, r"^sigma must be finite, got nan; look for NaN or overflow\."),
        (np.array(-np.inf), r"^sigma must be finite, got -inf;"),
    ],
)
def test_what_is_not_one_finite_number_is_named(value: object, message: str) -> None:
    with pytest.raises(BadDataError, match=message):
        guards.scalar(value, "sigma")  # type: ignore[arg-type]


def test_the_caller_chooses_the_class_of_the_error() -> None:
    with pytest.raises(OptionError, match=r"^draws must be finite"):
        guards.scalar(np.inf, "draws", OptionError)


@pytest.mark.parametrize("value", [7, 7.0, np.array([7.0]), np.int64(7)])
def test_a_count_becomes_a_python_int(value: float) -> None:
    number = guards.count(value)
    assert number == 7
    assert type(number) is int


@pytest.mark.parametrize("value", [1.5, 2.0**54])
def test_a_count_that_float64_may_have_rounded_is_refused(value: float) -> None:
    with pytest.raises(BadDataError, match=r"^consumed must be a whole number up to"):
        guards.count(value, "consumed")
