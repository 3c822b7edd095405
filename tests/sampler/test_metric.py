"""Estimates of the metric on a Gaussian, whose metric is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from exmc.sampler import metric
from exmc.sampler.moments import Moments

if TYPE_CHECKING:
    from exmc.typing import Matrix

MEAN = np.array([3.0, -1e3, 0.0])
SD = np.array([1e-3, 1.0, 40.0])


def gaussian_pairs(count: int, seed: int = 1) -> Matrix:
    """Draws of N(MEAN, SD^2) and gradients there, shape (count, 2, 3)."""
    rng = np.random.Generator(np.random.PCG64(seed))
    draws = MEAN + SD * rng.standard_normal((count, 3))
    return np.stack([draws, (MEAN - draws) / SD**2], axis=1)


def moments_of(pairs: Matrix) -> Moments:
    moments = Moments(pairs.shape[2])
    for pair in pairs:
        moments.learn(pair)
    return moments


def test_the_fisher_metric_of_a_gaussian_is_exact_from_four_draws() -> None:
    found = metric.fisher(moments_of(gaussian_pairs(4)), metric.unit(3))
    assert found is not None
    np.testing.assert_allclose(found.scale, SD, rtol=1e-8)
    np.testing.assert_allclose(found.mean, MEAN, rtol=1e-8, atol=1e-8)


def test_three_draws_are_too_few_for_the_fisher_metric() -> None:
    assert metric.fisher(moments_of(gaussian_pairs(3)), metric.unit(3)) is None


def test_a_coordinate_that_has_not_moved_keeps_its_scale_and_centre() -> None:
    pairs = gaussian_pairs(10)
    pairs[:, :, 1] = 5.0
    before = metric.unit(3)
    found = metric.fisher(moments_of(pairs), before)
    assert found is not None
    assert (found.scale[1], found.mean[1]) == (1.0, 0.0)
    np.testing.assert_allclose(found.scale[[0, 2]], SD[[0, 2]], rtol=1e-8)


def test_stans_metric_is_the_shrunk_variance() -> None:
    pairs = gaussian_pairs(25)
    found = metric.regularised_variance(moments_of(pairs), metric.unit(3))
    assert found is not None
    variance = pairs[:, 0].var(axis=0, ddof=1)
    expected = 25 / 30 * variance + 1e-3 * 5 / 30
    np.testing.assert_allclose(found.scale**2, expected, rtol=1e-6)


def test_one_draw_is_too_few_for_stans_metric() -> None:
    one = moments_of(gaussian_pairs(1))
    assert metric.regularised_variance(one, metric.unit(3)) is None


def test_the_first_guess_is_one_over_the_gradient_within_bounds() -> None:
    gradient = np.array([0.0, -4.0, 1e300])
    found = metric.from_gradient(np.array([1.0, 2.0, 3.0]), gradient)
    np.testing.assert_allclose(found.scale**2, [1e10, 0.25, 1e-20])
    np.testing.assert_array_equal(found.mean, [1.0, 2.0, 3.0])


def test_scales_from_1e_minus_15_to_1e15_are_found() -> None:
    rng = np.random.Generator(np.random.PCG64(3))
    scales = np.array([1e-15, 1e-12, 1e12, 1e15])
    draws = scales * rng.standard_normal((8, 4))
    pairs = np.stack([draws, -draws / scales**2], axis=1)
    found = metric.fisher(moments_of(pairs), metric.unit(4))
    assert found is not None
    np.testing.assert_allclose(found.scale, scales, rtol=1e-8)
