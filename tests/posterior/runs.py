"""Small runs for the tests of this package."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from exmc.frames import Frame, Phase, Schema, VariableSchema
from exmc.posterior import DrawLog, Posterior, RunMeta

if TYPE_CHECKING:
    from collections.abc import Sequence

    from exmc.typing import Matrix

SCHEMA = Schema(
    dim=4,
    stats=("lp", "tree_depth", "diverging"),
    variables=(
        VariableSchema("mu"),
        VariableSchema("theta", (3,), ("school",)),
        VariableSchema("grid", (2, 2), (None, "side"), kind="deterministic"),
    ),
    coords={"school": ("A", "B", "C"), "side": ("left", "right")},
)
META = RunMeta(
    model_digest="c0ffee",
    seed=7,
    tune=5,
    draws=10,
    options={"target_accept": 0.8, "noncentered": {"theta": True}},
    versions={"exmc": "0.1.0", "numpy": "2.0.0"},
    adaptation=(
        {"step_size": np.array(0.1 + 0.2), "scale": np.array([1.0, 2.0, 3.0, 1e-300])},
        {"step_size": np.array(0.5), "n_gradients": np.array(2**60)},
    ),
)


def some_rows(count: int, seed: int, schema: Schema = SCHEMA) -> Matrix:
    """Standard normal everywhere, no divergence, depth 3."""
    rng = np.random.Generator(np.random.PCG64(seed))
    rows = rng.standard_normal((count, schema.columns))
    for name, value in (("tree_depth", 3.0), ("diverging", 0.0)):
        if name in schema.stats:
            rows[:, schema.stats.index(name)] = value
    return rows


def log_of(
    tune: Sequence[Matrix], draw: Sequence[Matrix], schema: Schema = SCHEMA
) -> DrawLog:
    """A log with these rows, one entry a chain."""
    log = DrawLog(schema, len(draw))
    for phase, chains in ((Phase.TUNE, tune), (Phase.DRAW, draw)):
        for chain, rows in enumerate(chains):
            log.append(Frame.draws(rows, chain=chain, phase=phase, first=0))
    return log


def a_posterior(
    lengths: Sequence[int] = (10, 10), meta: RunMeta = META, schema: Schema = SCHEMA
) -> Posterior:
    """A posterior with as many draws a chain; chain i has seed i."""
    draws = [some_rows(n, seed, schema) for seed, n in enumerate(lengths)]
    tunes = [some_rows(5, 100 + seed, schema) for seed in range(len(lengths))]
    return Posterior.from_log(log_of(tunes, draws, schema), meta)
