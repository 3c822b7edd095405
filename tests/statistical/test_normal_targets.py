"""NUTS draws normals with the right variances; seven planted bugs do not.

Each distance is in standard errors by batch means, judged by Student's t at a
false-alarm rate of 1e-6. The bias that a law would catch is what its bugs make: the
variance of N(0, 1) becomes 3.1, 1.7 and 1.12 without the reject rule, 1.045 with
leaf weights capped at 1.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pytest

from exmc.diagnostics import mcse, rhat
from exmc.sampler import ChainSettings, NutsChain, nuts
from tests.plain.planted import planted
from tests.sampler.densities import normal_with
from tests.sampler.driving import walk
from tests.sampler.test_leapfrog import euler
from tests.statistical.standard_errors import distance, limit, standard_error

if TYPE_CHECKING:
    from types import ModuleType

    from exmc.typing import Array, Matrix, Vector

pytestmark = [pytest.mark.statistical, pytest.mark.slow, pytest.mark.timeout(120)]

NO_REJECT_RULE = planted(
    nuts,
    "        if status == GROWN:\n            # The reject rule",
    "        if True:\n            # The reject rule",
)
CAPPED_WEIGHTS = planted(
    nuts, "min(log_weight, LARGEST_EXPONENT)", "min(log_weight, 0.0)"
)
BLIND_TO_BLOCKS = planted(
    nuts, "if block_turns(leaf, depth, momentum, path, opening, middle)", "if False"
)
LAST_LEAF = planted(
    nuts, "uniforms[used + leaf] * weight < leaf_weight", "leaf_weight > 0.0"
)
ALWAYS_NEW = planted(
    nuts, "uniforms[used] * weight < half[HALF_WEIGHT]", "half[HALF_WEIGHT] > 0.0"
)
FORWARDS_ONLY = planted(nuts, "uniforms[used] < 0.5", "uniforms[used] < 1.0")
EULER = planted(nuts, "import leapfrog\n", "import leapfrog as unused\n")
vars(EULER)["leapfrog"] = euler


def one_dimensional(position: Vector, gradient: Vector) -> float:
    """N(0, 1) of one coordinate, without vector arithmetic."""
    x: float = position[0]
    gradient[0] = -x
    return -0.5 * x * x


def squares(kernel: ModuleType, step_size: float, draws: int) -> Vector:
    """Squared draws of N(0, 1) with a fixed step size and the unit metric."""
    start = np.array([0.5])
    found: Vector = walk(kernel, one_dimensional, start, step_size, draws, seed=1)[:, 0]
    return found**2


@pytest.mark.parametrize(
    ("step_size", "draws"), [(0.3, 110_000), (0.8, 85_000), (1.2, 125_000)]
)
def test_the_variance_of_a_standard_normal_is_one(step_size: float, draws: int) -> None:
    found = squares(nuts, step_size, draws)
    assert standard_error(found) <= 0.01
    assert distance(found, 1.0) < limit()


@pytest.mark.parametrize(
    ("broken", "step_size", "draws"),
    [
        (NO_REJECT_RULE, 0.3, 10_000),
        (NO_REJECT_RULE, 0.8, 10_000),
        (NO_REJECT_RULE, 1.2, 40_000),
        (CAPPED_WEIGHTS, 1.2, 125_000),
        (BLIND_TO_BLOCKS, 0.8, 10_000),
        (LAST_LEAF, 1.2, 10_000),
        (ALWAYS_NEW, 1.2, 10_000),
        (FORWARDS_ONLY, 1.2, 20_000),
        (EULER, 0.8, 10_000),
    ],
    ids=[
        "no reject rule, 0.3",
        "no reject rule, 0.8",
        "no reject rule, 1.2",
        "weights capped at 1",
        "no U-turn check inside a half",
        "last leaf",
        "always the new half",
        "never backwards",
        "forward Euler",
    ],
)
def test_the_law_of_the_standard_normal_rejects(
    broken: ModuleType, step_size: float, draws: int
) -> None:
    assert distance(squares(broken, step_size, draws), 1.0) > limit()


SPREAD = np.array([1.0, 10.0, 100.0])
SPREAD_DENSITY = normal_with(np.diag(1.0 / SPREAD))


def spread_squares(kernel: ModuleType, draws: int) -> Matrix:
    """Squared standardised draws with variances 1, 10, 100 and the unit metric."""
    start = np.array([0.5, 1.0, 5.0])
    found = walk(kernel, SPREAD_DENSITY, start, 0.8, draws, seed=1)
    squared: Matrix = found**2 / SPREAD
    return squared


def test_three_variances_are_right_in_the_unit_metric() -> None:
    found = spread_squares(nuts, 34_000)
    for column in found.T:
        assert standard_error(column) <= 0.02
        assert distance(column, 1.0) < limit()


def test_the_law_of_three_variances_rejects_a_lost_reject_rule() -> None:
    found = spread_squares(NO_REJECT_RULE, 6_000)
    assert max(distance(column, 1.0) for column in found.T) > limit()


DIM = 100
LAGS = np.abs(np.subtract.outer(np.arange(DIM), np.arange(DIM)))
SD = np.geomspace(0.1, 10.0, DIM)
PRECISION = np.linalg.inv(0.7**LAGS * np.outer(SD, SD)).astype(np.float64)


@cache
def correlated_draws() -> Array:
    """Adapted draws of a correlated normal, over SD; shape (chain, draw, DIM)."""
    density = normal_with(PRECISION)
    chains = []
    for number in range(4):
        one = NutsChain(density, DIM, ChainSettings(300, 3000), 1, number)
        one.start()
        records = [one.step() for _ in range(3300)]
        chains.append([record.position / SD for record in records[300:]])
    return np.array(chains)


def errors(draws: Array) -> Vector:
    """Distance of each variance ratio from 1 in MCSE; last that of their mean."""
    squared = draws**2
    series = [*np.moveaxis(squared, 2, 0), squared.mean(axis=2)]
    return np.array([abs(float(x.mean()) - 1.0) / mcse(x, "mean") for x in series])


def test_a_correlated_normal_has_the_right_variances_after_warm_up() -> None:
    draws = correlated_draws()
    assert errors(draws).max() < 5.0
    assert abs(float(np.mean(draws**2)) - 1.0) < 0.005
    assert max(rhat(x) for x in np.moveaxis(draws, 2, 0)) < 1.005


def test_standard_deviations_one_per_cent_too_wide_would_be_noticed() -> None:
    assert errors(1.01 * correlated_draws()).max() > 5.0
