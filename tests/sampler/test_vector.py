"""The vector helpers against the formula that each stands for."""

from __future__ import annotations

import math

import numpy as np
import pytest

from exmc.sampler import vector

A = np.array([1.0, -2.0, 3.0])
B = np.array([0.5, 4.0, -1.0])


def test_copy_makes_the_target_equal() -> None:
    target = np.zeros(3)
    vector.copy(target, A)
    np.testing.assert_array_equal(target, A)


def test_fill_sets_every_entry() -> None:
    target = A.copy()
    vector.fill(target, 7.0)
    np.testing.assert_array_equal(target, [7.0, 7.0, 7.0])


def test_add_adds_in_place() -> None:
    target = A.copy()
    vector.add(target, B)
    np.testing.assert_array_equal(target, [1.5, 2.0, 2.0])


def test_add_scaled_adds_a_multiple_in_place() -> None:
    target = A.copy()
    vector.add_scaled(target, 2.0, B)
    np.testing.assert_array_equal(target, [2.0, 6.0, 1.0])


def test_set_difference_replaces_the_target() -> None:
    target = np.full(3, np.nan)
    vector.set_difference(target, A, B)
    np.testing.assert_array_equal(target, [0.5, -6.0, 4.0])


def test_kinetic_energy_is_half_the_squared_norm() -> None:
    assert vector.kinetic_energy(A) == 7.0


def test_kinetic_energy_that_overflows_is_nan() -> None:
    with np.errstate(over="ignore"):
        assert math.isnan(vector.kinetic_energy(np.array([1e200])))


@pytest.mark.parametrize(
    ("first", "last", "turned"),
    [
        ([1.0, 0.0], [1.0, 1.0], False),
        ([-1.0, 0.0], [1.0, 1.0], True),
        ([1.0, 1.0], [-1.0, 0.0], True),
        ([0.0, 1.0], [1.0, 0.0], True),
    ],
    ids=["both along", "first against", "last against", "first at a right angle"],
)
def test_a_path_turns_when_an_end_does_not_point_along_it(
    first: list[float], last: list[float], *, turned: bool
) -> None:
    travel = np.array([1.0, 0.0])
    assert vector.turns(np.array(first), np.array(last), travel) is turned
