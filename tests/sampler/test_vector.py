"""Energy and direction against the formula that each stands for."""

from __future__ import annotations

import math

import numpy as np
import pytest

from exmc.sampler import vector

A = np.array([1.0, -2.0, 3.0])


def test_kinetic_energy_is_half_the_squared_norm() -> None:
    assert vector.kinetic_energy(A) == 7.0


def test_kinetic_energy_that_overflows_is_infinite() -> None:
    with np.errstate(over="ignore"):
        assert vector.kinetic_energy(np.array([1e200])) == math.inf


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
