"""Small schemas and frames for the tests of this folder."""

from __future__ import annotations

import numpy as np

from exmc.frames import Frame, Phase, Schema, VariableSchema
from exmc.sampler import STATS
from exmc.typing import Matrix

SCHEMA = Schema(
    dim=2,
    stats=STATS,
    variables=(
        VariableSchema("mu"),
        VariableSchema("theta", shape=(2,), dims=("school",)),
    ),
    coords={"school": ("A", "B")},
)


def rows(first: int, count: int) -> Matrix:
    """Rows that can be told apart: every entry of row i is i."""
    indices = np.arange(first, first + count, dtype=np.float64)
    return np.tile(indices[:, None], (1, SCHEMA.columns))


def frame(
    first: int,
    count: int,
    *,
    chain: int = 0,
    phase: Phase = Phase.DRAW,
    epoch: int = 0,
) -> Frame:
    """Consecutive draws of one chain."""
    return Frame.draws(
        rows(first, count), chain=chain, phase=phase, first=first, epoch=epoch
    )
