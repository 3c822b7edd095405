"""The arrays of a chain: big enough, complete, and the workspace of no consequence."""

from __future__ import annotations

import numpy as np
import pytest

from exmc.errors import OptionError
from exmc.numerics.lanes import LANES
from exmc.sampler import ChainSettings, NutsChain, block
from exmc.sampler.memory import STATE, Memory, uniforms_needed
from tests.sampler.densities import quartic

SHORT = ChainSettings(tune=30, draws=10, max_treedepth=5)
WORKSPACE = ("path", "opening", "middle", "half", "outcome")


def test_uniforms_suffice_for_the_deepest_tree() -> None:
    # One a leaf, one a direction and one a choice of each doubling.
    for depth in range(1, 12):
        assert uniforms_needed(depth) >= (2**depth - 1) + 2 * depth


def test_what_the_workspace_holds_does_not_matter() -> None:
    def rows(*, littered: bool) -> list[bytes]:
        one, found = NutsChain(quartic, 2, SHORT, 1, 0), []
        one.start()
        while not one.done:
            for name in WORKSPACE:
                if littered:
                    getattr(one._memory, name)[:] = np.nan
            found.append(one.advance(1).tobytes())
        return found

    assert rows(littered=True) == rows(littered=False)


def test_a_plan_says_what_the_settings_say() -> None:
    memory = Memory(3, ChainSettings(70, 9, 0.9, 7, "stan", 0.25))
    assert memory.dim == 3
    assert memory.plan[block.TUNE] == len(memory.lessons) == 70
    assert memory.plan[block.MAX_TREEDEPTH] == 7
    assert memory.plan[block.EVERY_DRAW] == 0
    assert memory.plan[block.SEARCHES] == 0
    assert memory.plan[block.UNIFORMS_NEEDED] == uniforms_needed(7)
    assert memory.scalars[block.TARGET_ACCEPT] == 0.9
    assert memory.scalars[block.FIRST_STEP_SIZE] == 0.25
    assert Memory(3, SHORT).plan[block.EVERY_DRAW] == 1
    assert Memory(3, SHORT).plan[block.SEARCHES] == 1


def test_what_was_saved_is_restored_and_is_a_copy() -> None:
    memory, again = Memory(2, SHORT), Memory(2, SHORT)
    for number, name in enumerate(STATE, 1):
        getattr(memory, name)[:] = number
    saved = memory.saved()
    memory.point[:] = np.nan
    again.restore(saved)
    for name, array in again.saved().items():
        np.testing.assert_array_equal(array, saved[name])
    saved["windows"][:] = np.nan
    assert (again.windows == again.windows).all()


@pytest.mark.parametrize("damage", ["missing", "other shape"])
def test_what_is_not_of_this_chain_is_refused(damage: str) -> None:
    saved = Memory(2, SHORT).saved()
    if damage == "missing":
        del saved["point"]
    else:
        saved = Memory(3, SHORT).saved()
    with pytest.raises(OptionError, match=r"^The checkpoint must hold arrays of"):
        Memory(2, SHORT).restore(saved)


@pytest.mark.parametrize("dim", [1, 7, 8, 9, 100])
def test_rows_are_whole_groups_of_lanes_and_show_the_coordinates(dim: int) -> None:
    memory = Memory(dim, SHORT)
    for name in ("point", "metric", "windows", "path", "opening", "middle"):
        columns = getattr(memory, name).shape[1]
        assert columns % LANES == 0
        assert dim <= columns < dim + LANES
        rows = memory.rows(name)
        assert [row.shape for row in rows] == [(dim,)] * len(getattr(memory, name))
        assert all(np.shares_memory(row, getattr(memory, name)) for row in rows)
