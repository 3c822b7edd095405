"""Where a chain begins, and what is said when it cannot."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest

from exmc.errors import BadStartError
from exmc.numerics.random import START, Stream
from exmc.sampler.read_ahead import ReadAhead
from exmc.sampler.start import find_start, start_at
from tests.sampler.densities import half_line, standard_normal

if TYPE_CHECKING:
    from exmc.typing import Vector


def uniforms(seed: int = 1) -> ReadAhead:
    return ReadAhead(Stream.keyed(seed, 0, START).uniforms)


def never(position: Vector, gradient: Vector) -> float:
    standard_normal(position, gradient)
    gradient[[0, 2]] = math.nan, math.inf
    return math.nan


def test_random_starts_fill_the_interval_from_minus_two_to_two() -> None:
    points = np.array(
        [find_start(standard_normal, 3, uniforms(seed)).position for seed in range(100)]
    )
    assert np.abs(points).max() < 2.0
    assert points.min() < -1.8
    assert points.max() > 1.8
    assert abs(points.mean()) < 5 * math.sqrt(4 / 3 / 300)


def test_points_are_tried_until_one_is_finite() -> None:
    starts = [find_start(half_line, 2, uniforms(seed)) for seed in range(20)]
    assert all(start.position[0] >= -0.5 for start in starts)
    assert max(start.tries for start in starts) > 1


def test_a_start_comes_with_its_log_density_and_gradient() -> None:
    start = find_start(standard_normal, 3, uniforms())
    np.testing.assert_array_equal(start.gradient, -start.position)
    assert start.log_density == standard_normal(start.position, np.zeros(3))


def test_after_a_hundred_tries_the_coordinates_that_are_not_finite_are_named() -> None:
    with pytest.raises(BadStartError) as caught:
        find_start(never, 3, uniforms())
    assert str(caught.value) == (
        "None of 100 random points between -2 and 2 has a finite log-density and "
        "gradient: the gradient is not finite in coordinates [0, 2]. Check the model "
        "there or give an initial point inside its support."
    )
    assert caught.value.coordinates == (0, 2)


def test_a_given_point_that_is_not_finite_is_refused() -> None:
    with pytest.raises(BadStartError) as caught:
        start_at(half_line, np.array([-1.0, 0.0]))
    assert str(caught.value).startswith(
        "The initial point has no finite log-density and gradient: the log-density is "
        "not finite."
    )
    assert caught.value.coordinates == ()


def test_a_given_point_is_taken_as_it_is() -> None:
    start = start_at(half_line, np.array([1.0, 0.0]))
    np.testing.assert_array_equal(start.position, [1.0, 0.0])
    assert start.tries == 1
