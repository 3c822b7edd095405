"""The diagonal map: there and back, the chain rule, and what is not finite."""

from __future__ import annotations

import math

import numpy as np
import pytest

from exmc.sampler import preconditioner
from exmc.sampler.preconditioner import whitened_density
from exmc.typing import Vector
from tests.sampler.densities import quartic, standard_normal

MEAN = np.array([1.0, -2.0, 0.5])
SCALE = np.array([2.0, 0.1, 7.0])
METRIC = (MEAN, SCALE, np.zeros(3))
HERE = np.array([0.3, -0.7, 0.1])


def model_position(whitened: Vector) -> Vector:
    position = np.zeros(3)
    preconditioner.unwhiten(METRIC, whitened, position)
    return position


def test_whitening_undoes_the_map() -> None:
    there = model_position(HERE)
    np.testing.assert_array_equal(there, MEAN + SCALE * HERE)
    preconditioner.whiten(METRIC, there)
    np.testing.assert_allclose(there, HERE, rtol=1e-14)


def test_pushing_forward_undoes_pulling_back() -> None:
    gradient, back = HERE.copy(), np.zeros(3)
    preconditioner.pull_back(METRIC, gradient)
    preconditioner.push_forward(METRIC, gradient, back)
    np.testing.assert_allclose(back, HERE, rtol=1e-15)


def test_the_whitened_density_is_the_density_at_the_mapped_position() -> None:
    gradient, expected = np.zeros(3), np.zeros(3)
    log_density = whitened_density(quartic, METRIC, HERE, gradient)
    assert log_density == quartic(model_position(HERE), expected)
    np.testing.assert_array_equal(gradient, SCALE * expected)


@pytest.mark.parametrize("coordinate", range(3))
def test_the_whitened_gradient_is_the_slope_of_the_whitened_density(
    coordinate: int,
) -> None:
    gradient, waste = np.zeros(3), np.zeros(3)
    whitened_density(quartic, METRIC, HERE, gradient)
    nudge = 1e-6 * np.eye(3)[coordinate]
    up = whitened_density(quartic, METRIC, HERE + nudge, waste)
    down = whitened_density(quartic, METRIC, HERE - nudge, waste)
    assert gradient[coordinate] == pytest.approx((up - down) / 2e-6, rel=1e-5)


def test_the_whitened_density_leaves_its_position_alone() -> None:
    here = HERE.copy()
    whitened_density(quartic, METRIC, here, np.zeros(3))
    np.testing.assert_array_equal(here, HERE)


@pytest.mark.parametrize("bad", [math.inf, -math.inf, math.nan])
def test_a_log_density_or_gradient_that_is_not_finite_is_nan(bad: float) -> None:
    def unbounded(position: Vector, gradient: Vector) -> float:
        standard_normal(position, gradient)
        return bad

    def cliff(position: Vector, gradient: Vector) -> float:
        log_density = standard_normal(position, gradient)
        gradient[1] = bad
        return log_density

    with np.errstate(all="ignore"):
        assert math.isnan(whitened_density(unbounded, METRIC, HERE, np.zeros(3)))
        assert math.isnan(whitened_density(cliff, METRIC, HERE, np.zeros(3)))


def test_a_gradient_whose_square_overflows_is_finite_all_the_same() -> None:
    def steep(position: Vector, gradient: Vector) -> float:
        gradient[:] = 1e200 * position
        return 0.0

    with np.errstate(all="ignore"):
        assert whitened_density(steep, METRIC, HERE, np.zeros(3)) == 0.0
