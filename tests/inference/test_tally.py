from __future__ import annotations

import numpy as np
import pytest

from exmc.frames import Frame, Phase
from exmc.inference.tally import Tally
from tests.inference.rows import SCHEMA


def stats_frame(phase: Phase, count: int, **stats: float) -> Frame:
    rows = np.zeros((count, SCHEMA.columns))
    for name, value in stats.items():
        rows[:, SCHEMA.stats.index(name)] = value
    return Frame.draws(rows, chain=0, phase=phase, first=0)


def test_only_new_rows_are_counted() -> None:
    tally = Tally()
    tally.add(stats_frame(Phase.DRAW, 5, diverging=1.0, n_steps=7.0), 2, SCHEMA)
    assert (tally.draws, tally.divergences, tally.n_steps) == (2, 2, 14)


def test_warm_up_divergences_are_not_counted_as_draws() -> None:
    tally = Tally()
    tally.add(stats_frame(Phase.TUNE, 5, diverging=1.0), 5, SCHEMA)
    assert (tally.tuned, tally.draws, tally.divergences) == (5, 0, 0)


def test_means_are_of_the_phase_under_way() -> None:
    tally = Tally()
    assert tally.tree_depth is None
    tally.add(stats_frame(Phase.TUNE, 4, tree_depth=9.0), 4, SCHEMA)
    assert tally.tree_depth == pytest.approx(9.0)
    tally.add(stats_frame(Phase.DRAW, 4, tree_depth=3.0, step_size=0.5), 4, SCHEMA)
    assert tally.tree_depth == pytest.approx(3.0)
    assert tally.step_size == 0.5
