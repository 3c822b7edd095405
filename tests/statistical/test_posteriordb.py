"""Real posteriors against their reference draws, through every layer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import exmc
from tests.statistical import posteriordb_models as models
from tests.statistical.posteriordb import Reference, load, verdict

# Draws a chain are set so that the least effective sample size passes with room to
# spare: other processors round differently. The false alarm rate of a comparison of
# means is then 3e-4 (0.08 sd at an ESS of 2500 is 3.6 standard errors). The heavy
# tails of the eight schools make the ESS of squared deviations jump between seeds
# (1,200 to 5,100 seen at 4 x 2500 draws); that of their means is above 4,000.
ROWS = [
    ("eight_schools-eight_schools_noncentered", models.eight_schools, 2500, 1000),
    ("sblri-blr", models.blr, 1700, 2500),
    ("arK-arK", models.ark, 2000, 2500),
    ("mesquite-logmesquite", models.logmesquite, 3000, 2500),
]


@pytest.mark.slow
@pytest.mark.statistical
@pytest.mark.timeout(400)
@pytest.mark.parametrize(
    ("name", "build", "draws", "least_ess"), ROWS, ids=[row[0] for row in ROWS]
)
def test_means_and_spreads_are_those_of_the_reference(
    name: str,
    build: Callable[[dict[str, Any]], models.Built],
    draws: int,
    least_ess: int,
) -> None:
    data, reference = load(name)
    model, answers = build(data)
    posterior = exmc.sample(
        model, draws=draws, tune=800, seed=2, noncentered=True, progress=False
    )
    found = answers(posterior)
    assert set(found) == set(reference)
    verdicts = [verdict(key, found[key], reference[key]) for key in reference]
    assert min(v.least_ess for v in verdicts) >= least_ess
    assert [v for v in verdicts if not v.good] == []


def normal_draws(shift: float, scale: float) -> np.ndarray[Any, np.dtype[np.float64]]:
    rng = np.random.Generator(np.random.PCG64(5))
    return shift + scale * rng.standard_normal((4, 600))


def test_a_right_sample_is_let_pass() -> None:
    assert verdict("x", normal_draws(0.0, 1.0), Reference(0.0, 1.0)).good


@pytest.mark.parametrize(
    ("shift", "scale"),
    [(0.15, 1.0), (0.0, 1.1), (0.0, 0.9)],
    ids=["mean off by 0.15 sd", "10 % too wide", "10 % too narrow"],
)
def test_a_planted_bias_is_caught(shift: float, scale: float) -> None:
    assert not verdict("x", normal_draws(shift, scale), Reference(0.0, 1.0)).good
