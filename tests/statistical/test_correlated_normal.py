"""After warm-up, a normal of a hundred correlated coordinates has the right variances.

Neighbours are correlated by 0.7, standard deviations go from 0.1 to 10. Each of 100
variances, and their mean, is judged at 5 Monte Carlo standard errors: a false alarm in
17,000 runs. The mean of the variance ratios has a standard error of 0.1 %, so that the
limit of 0.5 % is 5 of them, too. Standard deviations 1 % too wide would be noticed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

import exmc
from exmc.diagnostics import mcse, rhat
from exmc.sampler import STATS, ChainSettings
from tests.statistical.engines import chain_on

if TYPE_CHECKING:
    from exmc.typing import Array, Vector

DIM = 100
NEIGHBOURS = 0.7
SD = np.geomspace(0.1, 10.0, DIM)
SETTINGS = ChainSettings(tune=300, draws=36_000)


def correlated_normal() -> exmc.Model:
    """Corr(x[i], x[j]) = 0.7**|i - j|: each coordinate is regressed on the one before.

    Written as a bare density, so that no variable has the right scale by itself.
    """
    with exmc.Model() as model:
        x = exmc.Flat("x", shape=DIM)
        steps = x[1:] / SD[1:] - NEIGHBOURS * x[:-1] / SD[:-1]
        squares = (x[0] / SD[0]) ** 2 + (steps**2).sum() / (1 - NEIGHBOURS**2)
        exmc.Potential("density", -0.5 * squares)
    return model


def standardised_draws() -> Array:
    """Adapted draws over SD, shape (chain, draw, DIM)."""
    model = correlated_normal().compile(backend="native")
    chains = []
    for number in range(4):
        chain = chain_on(model, SETTINGS, 1, number)
        chain.advance(SETTINGS.tune)
        rows = chain.advance(SETTINGS.draws)
        chains.append(rows[:, len(STATS) : len(STATS) + DIM] / SD)
    return np.array(chains)


def errors(draws: Array) -> Vector:
    """Distance of each variance ratio from 1 in MCSE; last that of their mean."""
    squared = draws**2
    series = [*np.moveaxis(squared, 2, 0), squared.mean(axis=2)]
    return np.array([abs(float(x.mean()) - 1.0) / mcse(x, "mean") for x in series])


@pytest.mark.native
@pytest.mark.slow
@pytest.mark.statistical
@pytest.mark.timeout(120)
def test_a_correlated_normal_has_the_right_variances_and_a_wider_one_not() -> None:
    draws = standardised_draws()
    assert errors(draws).max() < 5.0
    assert abs(float(np.mean(draws**2)) - 1.0) < 0.005
    # Ranks of every fourth draw tell as much, and are made sooner.
    assert max(rhat(x) for x in np.moveaxis(draws[:, ::4], 2, 0)) < 1.005
    assert errors(1.01 * draws).max() > 5.0
