"""CPU time of a leapfrog step: what one more costs, and its share of a whole run.

`python benchmarks/leapfrog.py [MODEL ...]`: several seeds in one process each, after
one run that is not counted. CPU of all processes and threads. A whole run is
4 x (1000 + 1000) draws. One more is the difference between runs of 4 x (1000 + 11000)
and of 4 x (1000 + 1000), over the difference in steps: what a run costs however short
it is, such as starting workers, is not in it.
"""

from __future__ import annotations

import sys

from harness.dialogue import (
    NATIVE,
    NUMPYRO,
    NUMPYRO64,
    NUTPIE,
    Kind,
    Side,
    SideError,
    present,
)
from harness.table import columns, heading, ratio, row
from models.catalogue import LEAPFROG

SEEDS = (1, 2, 3, 4, 5)
DRAWS = TUNE = 1000
MORE_DRAWS = 11_000
KINDS = (NATIVE, NUTPIE, NUMPYRO, NUMPYRO64)


def cost(side: Side, draws: int) -> tuple[float, float]:
    """CPU seconds and leapfrog steps of all seeds."""
    size = {"draws": draws, "tune": TUNE, "steps": True}
    before = side.cpu()
    runs = [side.ask("sample", seed=seed, **size) for seed in SEEDS]
    return side.cpu() - before, sum(run["leapfrogs"] for run in runs)


def microseconds(kind: Kind, model: str) -> tuple[float | None, float | None]:
    """CPU time of one more leapfrog step, and of a step in a whole run."""
    try:
        with Side(kind) as side:
            side.prepare(model)
            side.ask("sample", seed=0, draws=DRAWS, tune=TUNE, steps=True)
            taken, steps = cost(side, DRAWS)
            more_taken, more_steps = cost(side, MORE_DRAWS)
    except SideError as error:
        print(f"{model}: {error}", file=sys.stderr)
        return None, None
    one_more = 1e6 * (more_taken - taken) / (more_steps - steps)
    return one_more, 1e6 * taken / steps


def main() -> None:
    """Print two rows a model."""
    heading("CPU microseconds a leapfrog step")
    kinds = present(KINDS)
    columns(["model", *(kind.name for kind in kinds), "native / nutpie"])
    for model in sys.argv[1:] or LEAPFROG:
        found = {kind: microseconds(kind, model) for kind in kinds}
        for place, what in enumerate(("one more", "whole run")):
            beside = {kind: pair[place] for kind, pair in found.items()}
            over = ratio(beside.get(NATIVE), beside.get(NUTPIE))
            row([f"{model}, {what}", *beside.values(), over])


if __name__ == "__main__":
    main()
