"""Estimates of the metric on a Gaussian, whose metric is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from exmc.sampler import metric
from exmc.sampler.moments import WINDOW_ROWS, learn_pair
from exmc.sampler.preconditioner import MEAN, SCALE
from tests.sampler.driving import unit_metric

if TYPE_CHECKING:
    from exmc.sampler.vector import Rows
    from exmc.typing import Matrix

CENTRE = np.array([3.0, -1e3, 0.0])
SD = np.array([1e-3, 1.0, 40.0])


def gaussian_pairs(count: int, seed: int = 1) -> Matrix:
    """Draws of N(CENTRE, SD^2) and gradients there, shape (count, 2, 3)."""
    rng = np.random.Generator(np.random.PCG64(seed))
    draws = CENTRE + SD * rng.standard_normal((count, 3))
    return np.stack([draws, (CENTRE - draws) / SD**2], axis=1)


def window_of(pairs: Matrix) -> Rows:
    dim = pairs.shape[2]
    window, scratch = tuple(np.zeros((WINDOW_ROWS, dim))), (np.zeros(dim),)
    for count, (position, gradient) in enumerate(pairs, 1):
        learn_pair(window, 0, count, position, gradient, scratch)
    return window


def fisher(pairs: Matrix) -> tuple[bool, Rows]:
    """Whether there was an estimate, and what became of the unit metric."""
    found = unit_metric(pairs.shape[2])
    scratch = tuple(np.zeros((2, pairs.shape[2])))
    with np.errstate(all="ignore"):
        known = metric.fisher(found, window_of(pairs), len(pairs), scratch)
    return known, found


def assert_unit(found: Rows) -> None:
    np.testing.assert_array_equal(found[MEAN], 0.0)
    np.testing.assert_array_equal(found[SCALE], 1.0)


def test_the_fisher_metric_of_a_gaussian_is_exact_from_four_draws() -> None:
    known, found = fisher(gaussian_pairs(4))
    assert known
    np.testing.assert_allclose(found[SCALE], SD, rtol=1e-8)
    np.testing.assert_allclose(found[MEAN], CENTRE, rtol=1e-8, atol=1e-8)


def test_three_draws_are_too_few_for_the_fisher_metric() -> None:
    known, found = fisher(gaussian_pairs(3))
    assert not known
    assert_unit(found)


def test_a_coordinate_that_has_not_moved_keeps_its_scale_and_centre() -> None:
    pairs = gaussian_pairs(10)
    pairs[:, :, 1] = 5.0
    known, found = fisher(pairs)
    assert known
    assert (found[SCALE][1], found[MEAN][1]) == (1.0, 0.0)
    np.testing.assert_allclose(found[SCALE][[0, 2]], SD[[0, 2]], rtol=1e-8)


def test_a_coordinate_without_a_slope_keeps_its_scale_and_centre() -> None:
    pairs = gaussian_pairs(10)
    pairs[:, 1, 1] = 0.0
    _, found = fisher(pairs)
    assert (found[SCALE][1], found[MEAN][1]) == (1.0, 0.0)


def test_stans_metric_is_the_shrunk_variance() -> None:
    pairs, found = gaussian_pairs(25), unit_metric(3)
    assert metric.regularised_variance(found, window_of(pairs), 25.0)
    variance = pairs[:, 0].var(axis=0, ddof=1)
    expected = 25 / 30 * variance + 1e-3 * 5 / 30
    np.testing.assert_allclose(found[SCALE] ** 2, expected, rtol=1e-6)
    np.testing.assert_array_equal(found[MEAN], 0.0)


def test_one_draw_is_too_few_for_stans_metric() -> None:
    found = unit_metric(3)
    assert not metric.regularised_variance(found, window_of(gaussian_pairs(1)), 1.0)
    assert_unit(found)


def test_the_first_guess_is_one_over_the_gradient_within_bounds() -> None:
    found, gradient = unit_metric(3), np.array([0.0, -4.0, 1e300])
    metric.from_gradient(found, np.array([1.0, 2.0, 3.0]), gradient)
    np.testing.assert_allclose(found[SCALE] ** 2, [1e10, 0.25, 1e-20])
    np.testing.assert_array_equal(found[MEAN], [1.0, 2.0, 3.0])


def test_scales_from_1e_minus_15_to_1e15_are_found() -> None:
    rng = np.random.Generator(np.random.PCG64(3))
    scales = np.array([1e-15, 1e-12, 1e12, 1e15])
    draws = scales * rng.standard_normal((8, 4))
    _, found = fisher(np.stack([draws, -draws / scales**2], axis=1))
    np.testing.assert_allclose(found[SCALE], scales, rtol=1e-8)
