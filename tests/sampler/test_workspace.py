"""The arrays of a transition: big enough, and empty of consequence."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from exmc.sampler import nuts
from exmc.sampler.workspace import Workspace, rows, uniforms_needed
from tests.sampler.densities import standard_normal


def test_rows_share_one_array() -> None:
    made = rows(3, 4)
    assert [row.shape for row in made] == [(4,)] * 3
    assert all(row.base is made[0].base for row in made)
    addresses = [row.__array_interface__["data"][0] for row in made]
    assert all(after - before == 32 for before, after in pairwise(addresses))


def test_uniforms_suffice_for_the_deepest_tree() -> None:
    # One a leaf, one a direction and one a choice of each doubling.
    for depth in range(1, 12):
        assert uniforms_needed(depth) >= (2**depth - 1) + 2 * depth


def test_what_the_last_transition_left_behind_does_not_matter() -> None:
    def moved(workspace: Workspace) -> list[float]:
        position, gradient = np.array([0.5, -1.0]), np.array([-0.5, 1.0])
        workspace.momentum[:] = 0.3, 0.9
        uniforms = np.linspace(0.01, 0.99, uniforms_needed(5))
        log_density = workspace.transition(
            standard_normal, position, gradient, -0.625, 0.2, uniforms
        )
        outcome = workspace.outcome
        return [log_density, *position, *gradient, *outcome]

    workspace = Workspace(2, 5)
    assert moved(workspace) == moved(workspace) == moved(Workspace(2, 5))


def test_overflow_on_the_way_is_a_divergence_and_not_a_warning() -> None:
    workspace = Workspace(1, 5)
    workspace.momentum[:] = 1e300
    position, gradient = np.array([0.0]), np.array([0.0])
    uniforms = np.full(uniforms_needed(5), 0.3)
    workspace.transition(standard_normal, position, gradient, 0.0, 1e200, uniforms)
    assert workspace.outcome[nuts.DIVERGING] == 1.0
    assert position[0] == 0.0
