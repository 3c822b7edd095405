"""The first step size and dual averaging, against the formulas of the paper."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest

from exmc.sampler.step_size import DualAveraging, search_step_size
from tests.sampler.densities import standard_normal

if TYPE_CHECKING:
    from exmc.typing import Density, Vector

UPWARDS = np.array([1.0, -0.5])


def search(density: Density, begin: float) -> tuple[float, int]:
    position, gradient = np.array([0.4, 1.2]), np.zeros(2)
    log_density = density(position, gradient)
    found = search_step_size(
        density, position, gradient, log_density, begin, lambda: UPWARDS
    )
    np.testing.assert_array_equal(position, [0.4, 1.2])
    return found


def scaled(scale: float) -> Density:
    """N(0, scale^2 I)."""

    def density(position: Vector, gradient: Vector) -> float:
        log_density = standard_normal(position / scale, gradient)
        gradient /= scale
        return log_density

    return density


@pytest.mark.parametrize("begin", [1e-3, 1.0, 64.0])
def test_the_search_ends_where_acceptance_crosses_four_fifths(begin: float) -> None:
    step_size, tries = search(standard_normal, begin)
    assert 0.5 < step_size < 4.0
    assert tries == abs(round(math.log2(step_size / begin))) + 1


def test_the_search_follows_the_scale_of_the_posterior() -> None:
    narrow, wide = search(scaled(2.0**-10), 1.0)[0], search(scaled(1.0), 1.0)[0]
    assert narrow / wide == pytest.approx(2.0**-10, rel=3.0)
    assert narrow < 2.0**-7


def test_a_step_to_where_nothing_is_finite_is_halved() -> None:
    def island(position: Vector, gradient: Vector) -> float:
        standard_normal(position, gradient)
        return math.nan if np.abs(position - [0.4, 1.2]).max() > 0.1 else 0.0

    step_size, _ = search(island, 1.0)
    assert step_size <= 0.125


def test_the_search_gives_up_on_a_flat_density() -> None:
    def flat(position: Vector, gradient: Vector) -> float:
        gradient[:] = 0.0 * position
        return 0.0

    assert search(flat, 1.0) == (2.0**59, 60)


def by_the_paper(
    target: float, first: float, rates: list[float]
) -> tuple[float, float]:
    """Hoffman & Gelman (2014), algorithm 5, line by line."""
    gamma, t0, kappa, mu = 0.05, 10.0, 0.75, math.log(10 * first)
    error, log_step, log_averaged = 0.0, math.log(first), math.log(first)
    for m, rate in enumerate(rates, start=1):
        error = (1 - 1 / (m + t0)) * error + 1 / (m + t0) * (target - rate)
        log_step = mu - math.sqrt(m) / gamma * error
        weight = m**-kappa
        log_averaged = weight * log_step + (1 - weight) * log_averaged
    return math.exp(log_step), math.exp(log_averaged)


def test_dual_averaging_is_that_of_the_paper() -> None:
    rng = np.random.Generator(np.random.PCG64(5))
    rates = rng.random(200).tolist()
    ours = DualAveraging(0.8, 0.3)
    for rate in rates:
        ours.learn(rate)
    assert (ours.step_size, ours.averaged) == pytest.approx(
        by_the_paper(0.8, 0.3, rates), rel=1e-9
    )


def test_dual_averaging_finds_the_step_size_of_the_target() -> None:
    ours = DualAveraging(0.8, 5.0)
    for _ in range(1000):
        ours.learn(math.exp(-ours.step_size))
    assert ours.averaged == pytest.approx(-math.log(0.8), rel=0.05)


def test_before_anything_is_learnt_both_step_sizes_are_the_first() -> None:
    ours = DualAveraging(0.8, 0.3)
    assert (ours.step_size, ours.averaged) == pytest.approx((0.3, 0.3))


@pytest.mark.parametrize("rate", [0.0, 1.0])
def test_the_step_size_stays_a_finite_number_whatever_happens(rate: float) -> None:
    ours = DualAveraging(0.5, 1.0)
    for _ in range(20_000):
        ours.learn(rate)
    assert 0.0 < ours.step_size < math.inf
    assert 0.0 < ours.averaged < math.inf


def test_a_restored_step_size_goes_on_with_the_same_bits() -> None:
    ours, again = DualAveraging(0.8, 0.3), DualAveraging(0.8, 1.0)
    for rate in (0.1, 0.9, 0.4):
        ours.learn(rate)
    again.restore(ours.state())
    for one in (ours, again):
        one.learn(0.7)
    assert (again.step_size, again.averaged) == (ours.step_size, ours.averaged)
