"""NUTS draws normals with the right variances; seven planted bugs do not.

Step size and metric are fixed. Each distance is in standard errors by batch means,
judged by Student's t at a false-alarm rate of 1e-6. The bias that a law would catch is
what its bugs make: the variance of N(0, 1) becomes 3.1, 1.7 and 1.12 without the
reject rule, 1.045 with leaf weights capped at 1. Machine code makes enough draws to
see a variance that is off by 2 %; Python, where there is no compiler, by 15 %.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

import exmc
from exmc.sampler import STATS, ChainSettings, nuts
from tests.plain.planted import planted
from tests.statistical.engines import NO_REJECT_RULE, Speed, case, chain_on
from tests.statistical.standard_errors import distance, limit, standard_error

if TYPE_CHECKING:
    from types import ModuleType

    from exmc.typing import Matrix, Vector

pytestmark = [pytest.mark.statistical, pytest.mark.slow, pytest.mark.timeout(120)]

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
EULER = planted(
    nuts,
    "from exmc.sampler.leapfrog import leapfrog\n",
    "from tests.sampler.test_leapfrog import euler as leapfrog\n",
)

BLOCK = 50_000


def squares(
    kernel: ModuleType, speed: Speed, variances: Vector, step_size: float, draws: int
) -> Matrix:
    """Squared draws of N(0, variances) over the variances, shape (draws, dim)."""
    with exmc.Model() as model:
        exmc.Normal("x", 0.0, np.sqrt(variances), shape=len(variances))
    # Without tuning draws the step size is fixed and Stan's metric is the identity.
    settings = ChainSettings(tune=0, draws=draws, warmup="stan", step_size=step_size)
    chain = chain_on(model.compile(backend=speed), settings, seed=1, kernel=kernel)
    position = slice(len(STATS), len(STATS) + len(variances))
    found = []
    while not chain.done:
        found.append(chain.advance(BLOCK)[:, position] ** 2 / variances)
    return np.concatenate(found)


ONE = np.array([1.0])


@pytest.mark.parametrize(
    ("speed", "step_size", "draws", "error"),
    [
        case("native", 0.3, 1_000_000, 0.005, name="0.3"),
        case("native", 0.8, 1_000_000, 0.004, name="0.8"),
        case("native", 1.2, 1_000_000, 0.003, name="1.2"),
        case("numpy", 1.2, 6_000, 0.03, name="1.2"),
    ],
)
def test_the_variance_of_a_standard_normal_is_one(
    speed: Speed, step_size: float, draws: int, error: float
) -> None:
    found = squares(nuts, speed, ONE, step_size, draws)[:, 0]
    assert standard_error(found) <= error
    assert distance(found, 1.0) < limit()


@pytest.mark.parametrize(
    ("speed", "broken", "step_size", "draws"),
    [
        case("native", NO_REJECT_RULE, 0.3, 10_000, name="no reject rule, 0.3"),
        case("native", NO_REJECT_RULE, 0.8, 10_000, name="no reject rule, 0.8"),
        case("native", NO_REJECT_RULE, 1.2, 100_000, name="no reject rule, 1.2"),
        case("native", CAPPED_WEIGHTS, 1.2, 200_000, name="weights capped at 1"),
        case("native", BLIND_TO_BLOCKS, 0.8, 10_000, name="no check inside a half"),
        case("native", LAST_LEAF, 1.2, 10_000, name="last leaf"),
        case("native", ALWAYS_NEW, 1.2, 10_000, name="always the new half"),
        case("native", FORWARDS_ONLY, 1.2, 20_000, name="never backwards"),
        case("native", EULER, 0.8, 10_000, name="forward Euler"),
        case("numpy", NO_REJECT_RULE, 0.8, 3_000, name="no reject rule, 0.8"),
    ],
)
def test_the_law_of_the_standard_normal_rejects(
    speed: Speed, broken: ModuleType, step_size: float, draws: int
) -> None:
    found = squares(broken, speed, ONE, step_size, draws)[:, 0]
    assert distance(found, 1.0) > limit()


SPREAD = np.array([1.0, 10.0, 100.0])


@pytest.mark.native
def test_three_variances_are_right_in_the_unit_metric() -> None:
    for column in squares(nuts, "native", SPREAD, 0.8, 500_000).T:
        assert standard_error(column) <= 0.01
        assert distance(column, 1.0) < limit()


@pytest.mark.native
def test_the_law_of_three_variances_rejects_a_lost_reject_rule() -> None:
    found = squares(NO_REJECT_RULE, "native", SPREAD, 0.8, 10_000)
    assert max(distance(column, 1.0) for column in found.T) > limit()
