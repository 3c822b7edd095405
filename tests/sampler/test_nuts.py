"""The iterative tree against the recursive one, and what a transition reports."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy.stats import chi2

from exmc.sampler import nuts
from exmc.sampler.memory import uniforms_needed
from tests.plain.planted import planted
from tests.plain.recursive_nuts import grow_tree
from tests.sampler.densities import TWO_DIMENSIONAL, half_line, standard_normal
from tests.sampler.driving import Driver, move_once

if TYPE_CHECKING:
    from types import ModuleType

    from exmc.typing import Density, Vector

FALSE_ALARM = 1e-6
MAX_TREEDEPTH = 6
ENOUGH = uniforms_needed(MAX_TREEDEPTH)

# Before doubling j come 2**j - 1 leaves, j directions and j choices.
DIRECTIONS = [2**j - 1 + 2 * j for j in range(MAX_TREEDEPTH)]

ADVANCED = "            if block_turns(leaf, depth, momentum, path, opening, middle):"
BLIND_TO_BLOCKS = planted(nuts, ADVANCED, "            if False:")
BLIND_TO_CIRCLES = planted(nuts, "    if depth == 0:\n", "    if True:\n")
FORWARDS_ONLY = planted(nuts, "signed_step = -step_size", "signed_step = step_size")
LAST_LEAF = planted(
    nuts, "uniforms[used + leaf] * weight < leaf_weight", "leaf_weight > 0.0"
)
ALWAYS_NEW = planted(
    nuts, "uniforms[used] * weight < half[HALF_WEIGHT]", "half[HALF_WEIGHT] > 0.0"
)


def directions(uniforms: Vector) -> list[int]:
    """The direction of each doubling, 1 or -1."""
    return [1 if uniform < 0.5 else -1 for uniform in uniforms[DIRECTIONS]]


def assert_same_trees(
    kernel: ModuleType, density: Density, shortest: float = 0.05, longest: float = 2.0
) -> None:
    """Same leaves in the same order, same depth, same stop, in 40 random cases."""
    rng = np.random.Generator(np.random.PCG64(11))
    for _ in range(40):
        position, momentum = np.abs(rng.standard_normal(2)), rng.standard_normal(2)
        step_size = shortest * (longest / shortest) ** rng.random()
        uniforms = rng.random(ENOUGH)
        phase = (position, momentum)
        ours = move_once(kernel, density, phase, step_size, uniforms, MAX_TREEDEPTH)
        with np.errstate(all="ignore"):
            plain = grow_tree(
                density, position, momentum, step_size, directions(uniforms)
            )
        assert len(ours.visited) == len(plain.visited)
        np.testing.assert_allclose(ours.visited, plain.visited, rtol=1e-6, atol=1e-9)
        assert ours.outcome[nuts.N_STEPS] == len(plain.visited)
        assert ours.outcome[nuts.TREE_DEPTH] == plain.depth
        assert ours.outcome[nuts.DIVERGING] == (plain.status == "diverged")
        assert ours.outcome[nuts.ACCEPTANCE_RATE] == pytest.approx(plain.acceptance)


@pytest.mark.parametrize("name", TWO_DIMENSIONAL)
def test_the_iterative_tree_is_the_recursive_tree(name: str) -> None:
    assert_same_trees(nuts, TWO_DIMENSIONAL[name])


@pytest.mark.parametrize(
    "broken", [BLIND_TO_BLOCKS, FORWARDS_ONLY], ids=["no blocks", "never backwards"]
)
def test_another_tree_would_be_noticed(broken: ModuleType) -> None:
    with pytest.raises(AssertionError):
        assert_same_trees(broken, standard_normal)


def test_a_path_that_walks_past_the_full_circle_would_be_noticed() -> None:
    # One such step is a third of the orbit, and so three are more than all of it.
    assert_same_trees(nuts, standard_normal, 1.75, 1.95)
    with pytest.raises(AssertionError):
        assert_same_trees(BLIND_TO_CIRCLES, standard_normal, 1.75, 1.95)


REPEATS = 700
FIXED = np.random.Generator(np.random.PCG64(1)).random(ENOUGH)
PHASE = (np.array([0.8, 0.5]), np.array([0.9, -0.8]))
BANANA = TWO_DIMENSIONAL["banana"]
TREE = grow_tree(BANANA, *PHASE, 0.35, directions(FIXED))


def choices(kernel: ModuleType) -> Vector:
    """How often each point of one fixed tree becomes the draw."""
    rng = np.random.Generator(np.random.PCG64(12))
    points = np.array([point for point, _ in TREE.chances])
    observed, gradient, driver = np.zeros(len(points)), np.zeros(2), Driver(kernel, 2)
    for _ in range(REPEATS):
        uniforms, here = rng.random(ENOUGH), PHASE[0].copy()
        uniforms[DIRECTIONS] = FIXED[DIRECTIONS]
        driver.momentum[:] = PHASE[1]
        log_density = BANANA(here, gradient)
        driver.transition(BANANA, here, gradient, log_density, 0.35, uniforms)
        observed[np.abs(points - here).sum(axis=1).argmin()] += 1
    return observed


def surprise(observed: Vector) -> float:
    """Chi-square of the choices, as a share of what chance exceeds once in 10**6."""
    expected = REPEATS * np.array([chance for _, chance in TREE.chances])
    likely = expected >= 5.0
    statistic = ((observed - expected)[likely] ** 2 / expected[likely]).sum()
    return float(statistic / chi2.isf(FALSE_ALARM, likely.sum()))


@pytest.mark.statistical
def test_points_are_chosen_with_their_exact_probabilities() -> None:
    assert TREE.depth >= 3
    assert surprise(choices(nuts)) < 1.0


@pytest.mark.statistical
@pytest.mark.parametrize(
    "broken", [LAST_LEAF, ALWAYS_NEW], ids=["last leaf", "always the new half"]
)
def test_another_choice_would_be_noticed(broken: ModuleType) -> None:
    assert surprise(choices(broken)) > 1.0


def test_a_path_that_diverges_at_once_leaves_the_chain_where_it_was() -> None:
    def wall(position: Vector, gradient: Vector) -> float:
        return -2e3 if position[0] > 0.0 else standard_normal(position, gradient)

    position = np.array([-1e-3])
    phase = (position, np.array([1.0]))
    move = move_once(nuts, wall, phase, 0.5, np.full(ENOUGH, 0.1))
    assert move.outcome[nuts.DIVERGING] == 1.0
    assert move.outcome[nuts.N_STEPS] == 1.0
    assert move.outcome[nuts.TREE_DEPTH] == 0.0
    assert move.outcome[nuts.ACCEPTANCE_RATE] == 0.0
    np.testing.assert_array_equal(move.position, position)


def test_a_log_density_that_is_not_finite_is_a_divergence() -> None:
    phase = (np.array([0.0]), np.array([-4.0]))
    move = move_once(nuts, half_line, phase, 0.3, np.full(ENOUGH, 0.1))
    assert move.outcome[nuts.DIVERGING] == 1.0
    assert move.position[0] >= -0.5


def test_an_absurd_start_gives_a_finite_weight() -> None:
    phase = (np.array([1e3]), np.array([0.0]))
    move = move_once(nuts, standard_normal, phase, 0.5, np.full(5000, 0.3))
    assert np.isfinite(move.outcome).all()
    assert abs(move.position[0]) < 1e3


@pytest.mark.parametrize("max_treedepth", [1, 2, 4])
def test_a_path_that_never_turns_ends_at_the_greatest_depth(max_treedepth: int) -> None:
    def flat(position: Vector, gradient: Vector) -> float:
        gradient.fill(0.0 * position[0])
        return 0.0

    uniforms = np.full(uniforms_needed(max_treedepth), 0.3)
    phase = (np.zeros(2), np.ones(2))
    move = move_once(nuts, flat, phase, 1.0, uniforms, max_treedepth)
    assert move.outcome[nuts.TREE_DEPTH] == max_treedepth
    assert move.outcome[nuts.N_STEPS] == 2**max_treedepth - 1
    assert move.outcome[nuts.ACCEPTANCE_RATE] == 1.0
    assert move.outcome[nuts.N_UNIFORMS] <= len(uniforms)


def test_energy_is_that_of_the_draw() -> None:
    rng = np.random.Generator(np.random.PCG64(13))
    for _ in range(20):
        here, gradient, driver = np.array([0.7]), np.array([-0.7]), Driver(nuts, 1)
        driver.momentum[:] = rng.standard_normal(1)
        first = 0.5 * driver.momentum[0] ** 2 + 0.245
        log_density = driver.transition(
            standard_normal, here, gradient, -0.245, 0.01, rng.random(5000)
        )
        assert log_density == standard_normal(here, np.zeros(1))
        np.testing.assert_array_equal(gradient, -here)
        # So small a step keeps the energy that the path began with.
        assert driver.outcome[nuts.ENERGY] == pytest.approx(first, abs=1e-4)


def test_weights_held_at_the_largest_exponent_do_not_overflow() -> None:
    assert math.exp(nuts.LARGEST_EXPONENT) * 2.0**20 < math.inf
