"""The first step size and dual averaging, against the formulas of the paper."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest

from exmc.sampler import nuts
from exmc.sampler.step_size import (
    AVERAGING_ENTRIES,
    LOG_10,
    LOG_ACCEPTANCE,
    MOST_TRIES,
    averaged,
    exploring,
    learn_acceptance,
    restart,
    search_step_size,
)
from tests.sampler.densities import standard_normal
from tests.sampler.driving import unit_metric

if TYPE_CHECKING:
    from exmc.typing import Density, Vector

UPWARDS = np.array([1.0, -0.5])


def beginning_at(step_size: float) -> Vector:
    averaging = np.full(AVERAGING_ENTRIES, np.nan)
    restart(averaging, step_size)
    return averaging


def search(density: Density, begin: float) -> tuple[float, int]:
    """Search with one momentum for all tries; the third stands before them."""
    position, gradient = np.array([0.4, 1.2]), np.zeros(2)
    log_density = density(position, gradient)
    slope, averaging = gradient.copy(), beginning_at(begin)
    tries = search_step_size(
        density,
        unit_metric(2),
        position,
        gradient,
        log_density,
        averaging,
        np.concatenate([np.full(3, np.nan), np.tile(UPWARDS, MOST_TRIES)]),
        3,
        2,
        tuple(np.zeros((nuts.PATH_ROWS, 2))),
    )
    np.testing.assert_array_equal(position, [0.4, 1.2])
    np.testing.assert_array_equal(gradient, slope)
    assert averaged(averaging) == exploring(averaging)
    return exploring(averaging), tries


def scaled(scale: float) -> Density:
    """N(0, scale^2 I)."""

    def density(position: Vector, gradient: Vector) -> float:
        log_density = standard_normal(position / scale, gradient)
        gradient /= scale
        return log_density

    return density


def test_the_constants_are_the_logarithms_of_what_they_say() -> None:
    assert pytest.approx(math.log(0.8), rel=1e-15) == LOG_ACCEPTANCE
    assert pytest.approx(math.log(10.0), rel=1e-15) == LOG_10


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

    step_size, tries = search(flat, 1.0)
    assert step_size == pytest.approx(2.0**59, rel=1e-13)
    assert tries == MOST_TRIES


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
    ours = beginning_at(0.3)
    for rate in rates:
        learn_acceptance(ours, 0.8, rate)
    assert (exploring(ours), averaged(ours)) == pytest.approx(
        by_the_paper(0.8, 0.3, rates), rel=1e-9
    )


def test_dual_averaging_finds_the_step_size_of_the_target() -> None:
    ours = beginning_at(5.0)
    for _ in range(1000):
        learn_acceptance(ours, 0.8, math.exp(-exploring(ours)))
    assert averaged(ours) == pytest.approx(-math.log(0.8), rel=0.05)


def test_before_anything_is_learnt_both_step_sizes_are_the_first() -> None:
    ours = beginning_at(0.3)
    assert (exploring(ours), averaged(ours)) == pytest.approx((0.3, 0.3))


@pytest.mark.parametrize("rate", [0.0, 1.0])
def test_the_step_size_stays_a_finite_number_whatever_happens(rate: float) -> None:
    ours = beginning_at(1.0)
    for _ in range(10_000):
        learn_acceptance(ours, 0.5, rate)
    assert 0.0 < exploring(ours) < math.inf
    assert 0.0 < averaged(ours) < math.inf
