"""Intervals: what belongs, named bounds, and the words for a message."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from exmc.constraints import (
    BINARY,
    COUNT,
    NONNEGATIVE,
    POSITIVE,
    PROBABILITY,
    REAL,
    UNIT_INTERVAL,
    Interval,
)
from exmc.numerics.autodiff import Traceable, value_and_grad, xp


@dataclass(frozen=True)
class Row:
    """A set, some of its members, some strangers, and its words."""

    interval: Interval
    members: tuple[float, ...]
    strangers: tuple[float, ...]
    words: str


ROWS = [
    Row(REAL, (-1e308, 0.0, 5e-324), (), "a finite number"),
    Row(POSITIVE, (5e-324, 1e308), (0.0, -0.0, -1.0), "greater than zero"),
    Row(NONNEGATIVE, (0.0, 2.5), (-5e-324,), "zero or more"),
    Row(
        UNIT_INTERVAL,
        (5e-324, 1 - 2**-53),
        (0.0, 1.0, 1.5),
        "strictly between zero and 1",
    ),
    Row(PROBABILITY, (0.0, 0.5, 1.0), (-1e-9, 1 + 2**-52), "between zero and 1"),
    Row(BINARY, (0.0, 1.0), (0.5, 2.0, -1.0), "0 or 1"),
    Row(COUNT, (0.0, 7.0, 1e15), (-1.0, 0.5), "a whole number, zero or more"),
    Row(
        Interval(1.0, 6.0, integer=True),
        (1.0, 6.0),
        (0.0, 7.0, 2.5),
        "a whole number, between 1 and 6",
    ),
    Row(Interval(integer=True), (-3.0, 0.0), (0.5,), "a whole number"),
    Row(Interval(upper=2.0), (2.0, -9.0), (2.1,), "2 or less"),
    Row(Interval(upper=2.0, open_upper=True), (1.9,), (2.0,), "less than 2"),
    Row(
        Interval(1.0, 2.0, open_lower=True),
        (2.0,),
        (1.0,),
        "greater than 1 and at most 2",
    ),
    Row(
        Interval(1.0, 2.0, open_upper=True),
        (1.0,),
        (2.0,),
        "at least 1 and less than 2",
    ),
]


def law_of_membership(row: Row) -> None:
    assert np.all(row.interval.contains(np.array(row.members)))
    assert not np.any(row.interval.contains(np.array(row.strangers)))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.words)
def test_members_belong_and_strangers_do_not(row: Row) -> None:
    law_of_membership(row)


@pytest.mark.parametrize(
    "wrong",
    [
        Row(NONNEGATIVE, (1.0,), (0.0,), "closed for open"),
        Row(POSITIVE, (0.0, 1.0), (), "open for closed"),
        Row(PROBABILITY, (0.0,), (0.5,), "real for whole"),
    ],
    ids=lambda row: row.words,
)
def test_the_law_of_membership_rejects_the_wrong_interval(wrong: Row) -> None:
    with pytest.raises(AssertionError):
        law_of_membership(wrong)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.words)
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite_never_belongs(row: Row, value: float) -> None:
    assert not row.interval.contains(value)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.words)
def test_somewhere_is_inside(row: Row) -> None:
    assert row.interval.contains(row.interval.somewhere())


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.words)
def test_the_set_is_said_in_words(row: Row) -> None:
    assert row.interval.describe() == row.words


def test_a_named_bound_is_said_by_its_name() -> None:
    assert Interval("lower", "upper").describe() == "between lower and upper"
    binomial = Interval(0.0, "n", integer=True)
    assert binomial.describe() == "a whole number, between zero and n"


def test_a_bound_that_is_an_array_is_not_printed() -> None:
    assert Interval(np.zeros(9)).describe() == "its bound or more"


def test_a_named_bound_is_resolved_from_the_parameters() -> None:
    waiting = Interval("lower", "upper", open_lower=True)
    assert not waiting.is_fixed
    resolved = waiting.resolve({"lower": 2.0, "upper": np.array([3.0, 4.0]), "x": 0.0})
    assert resolved.is_fixed
    assert resolved.open_lower
    np.testing.assert_array_equal(resolved.contains(3.5), [False, True])


def test_a_fixed_interval_resolves_to_itself() -> None:
    assert POSITIVE.resolve({}) is POSITIVE


def test_a_bound_that_is_not_a_parameter_is_refused() -> None:
    with pytest.raises(KeyError, match="upper"):
        Interval(0.0, "upper").resolve({"lower": 1.0})


def test_values_broadcast_with_the_bounds() -> None:
    inside = Interval(np.array([[0.0], [10.0]])).contains(np.array([5.0, 15.0, 20.0]))
    np.testing.assert_array_equal(inside, [[True, True, True], [False, True, True]])


def test_whole_numbers_of_any_type_belong_to_a_count() -> None:
    assert COUNT.contains(3)
    assert np.all(COUNT.contains(np.array([0, 4], dtype=np.uint8)))
    assert np.all(BINARY.contains(np.array([True, False])))


def test_membership_of_a_traced_value_is_plain() -> None:
    def masked(z: Traceable) -> Traceable:
        inside = Interval(0.0, z[1]).contains(z)
        assert isinstance(inside, np.ndarray)
        return xp.sum(xp.where(inside, z * z, 0.0))

    _, gradient = value_and_grad(masked)(np.array([-1.0, 3.0]))
    np.testing.assert_array_equal(gradient, [0.0, 6.0])


def test_only_a_set_without_bounds_is_the_whole_line() -> None:
    whole = [row.interval for row in ROWS if row.interval.is_whole_line]
    assert whole == [REAL]
