"""Draws of counts where the means are large, tiny or impossible."""

from __future__ import annotations

from math import sqrt

import mpmath
import numpy as np
import pytest
from scipy import stats

from exmc.distributions import counting
from exmc.distributions.counting import binomial_draws, poisson_draws
from exmc.numerics.random import DRAW, Stream

FALSE_ALARM = 1e-6
SIZE = 20_000


def a_stream() -> Stream:
    return Stream.keyed(11, 0, DRAW)


def distance(draws: np.ndarray, mean: float, variance: float) -> tuple[float, float]:
    """Distances of mean and variance from the truth, in standard errors."""
    z = (draws - mean) / sqrt(variance)
    off_variance = abs(np.mean(z**2) - 1.0) / np.std(z**2)
    return float(abs(np.mean(z)) * sqrt(SIZE)), float(off_variance * sqrt(SIZE))


LIMIT = float(stats.norm.isf(FALSE_ALARM / 4))


@pytest.mark.statistical
@pytest.mark.parametrize("mu", [1e-3, 9.99, 10.0, 1e4, 1e9, 1e15])
def test_poisson_draws_have_the_mean_and_variance_mu(mu: float) -> None:
    draws = poisson_draws(a_stream(), np.full(SIZE, mu))
    assert max(distance(draws, mu, mu)) < LIMIT


@pytest.mark.statistical
@pytest.mark.parametrize(
    ("n", "p"), [(30, 0.01), (19, 0.5), (20, 0.5), (1e9, 0.3), (1e15, 1 - 1e-4)]
)
def test_binomial_draws_have_their_mean_and_variance(n: float, p: float) -> None:
    draws = binomial_draws(a_stream(), np.full(SIZE, n), np.array(p))
    assert max(distance(draws, n * p, n * p * (1.0 - p))) < LIMIT


@pytest.mark.statistical
@pytest.mark.parametrize("mu", [1e4, 1e9])
def test_a_mean_off_by_a_twentieth_of_a_deviation_would_be_caught(mu: float) -> None:
    draws = poisson_draws(a_stream(), np.full(SIZE, mu)) + round(0.05 * sqrt(mu))
    assert max(distance(draws, mu, mu)) > LIMIT


@pytest.mark.parametrize("mu", [np.nan, np.inf, -1.0])
def test_an_impossible_mean_gives_nan_and_does_not_hang(mu: float) -> None:
    draws = poisson_draws(a_stream(), np.array([mu, 3.0, 30.0]))
    np.testing.assert_array_equal(np.isnan(draws), [True, False, False])


@pytest.mark.parametrize(
    ("n", "p"), [(np.inf, 0.5), (-1.0, 0.5), (5.0, 1.5), (5.0, -0.1), (np.nan, 0.5)]
)
def test_impossible_trials_give_nan_and_do_not_hang(n: float, p: float) -> None:
    assert np.isnan(binomial_draws(a_stream(), np.array(n), np.array(p)))


def test_certain_outcomes_are_certain() -> None:
    np.testing.assert_array_equal(
        binomial_draws(
            a_stream(), np.array([0.0, 7.0, 7.0, 1e6]), np.array([1, 1, 0, 1])
        ),
        [0.0, 7.0, 0.0, 1e6],
    )
    assert poisson_draws(a_stream(), np.array(0.0)) == 0.0


def test_the_log_probability_of_large_counts_does_not_cancel() -> None:
    k, mu = 1e12 + 3e6, 1e12
    with mpmath.workdps(50):
        exact = k * mpmath.log(mu) - mu - mpmath.loggamma(mpmath.mpf(k) + 1)
    ours = counting._log_poisson(np.array([k]), np.array([mu]))
    np.testing.assert_allclose(ours, [float(exact)], rtol=1e-9)


def test_the_log_probability_of_many_trials_does_not_cancel() -> None:
    k, n, p = 5e11 + 1e6, 1e12, 0.5
    with mpmath.workdps(50):
        ways = mpmath.loggamma(n + 1) - mpmath.loggamma(mpmath.mpf(k) + 1)
        exact = ways - mpmath.loggamma(mpmath.mpf(n - k) + 1) - n * mpmath.log(2)
    ours = counting._log_binomial(np.array([k]), np.array([n]), np.array([p]))
    np.testing.assert_allclose(ours, [float(exact)], rtol=1e-9)
