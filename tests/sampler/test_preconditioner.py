"""The diagonal map: there and back, and the chain rule."""

from __future__ import annotations

import numpy as np
import pytest

from exmc.sampler.preconditioner import Diagonal
from tests.sampler.densities import quartic

MAP = Diagonal(np.array([1.0, -2.0, 0.5]), np.array([2.0, 0.1, 7.0]))
HERE = np.array([0.3, -0.7, 0.1])


def test_whitening_undoes_the_map() -> None:
    np.testing.assert_allclose(MAP.whitened(MAP.position(HERE)), HERE, rtol=1e-14)


def test_pushing_forward_undoes_pulling_back() -> None:
    np.testing.assert_allclose(MAP.push_forward(MAP.pull_back(HERE)), HERE, rtol=1e-15)


def test_the_density_around_is_the_density_at_the_mapped_position() -> None:
    gradient, expected = np.zeros(3), np.zeros(3)
    assert MAP.around(quartic)(HERE, gradient) == quartic(MAP.position(HERE), expected)
    np.testing.assert_array_equal(gradient, MAP.pull_back(expected))


@pytest.mark.parametrize("coordinate", range(3))
def test_the_gradient_around_is_the_slope_of_the_density_around(
    coordinate: int,
) -> None:
    around, gradient, waste = MAP.around(quartic), np.zeros(3), np.zeros(3)
    around(HERE, gradient)
    nudge = 1e-6 * np.eye(3)[coordinate]
    slope = (around(HERE + nudge, waste) - around(HERE - nudge, waste)) / 2e-6
    assert gradient[coordinate] == pytest.approx(slope, rel=1e-5)


def test_the_density_around_leaves_its_position_alone() -> None:
    here = HERE.copy()
    MAP.around(quartic)(here, np.zeros(3))
    np.testing.assert_array_equal(here, HERE)
