"""CPU time of a leapfrog step in a whole run, warm-up included.

`python benchmarks/leapfrog.py [MODEL ...]`: 4 x (1000 + 1000) draws, several seeds in
one process each, after one run that is not counted. CPU of all processes and threads.
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
KINDS = (NATIVE, NUTPIE, NUMPYRO, NUMPYRO64)


def microseconds(kind: Kind, model: str) -> float | None:
    """CPU time of all runs over the leapfrog steps in them."""
    size = {"draws": DRAWS, "tune": TUNE, "steps": True}
    try:
        with Side(kind) as side:
            side.prepare(model)
            side.ask("sample", seed=0, **size)
            before = side.cpu()
            runs = [side.ask("sample", seed=seed, **size) for seed in SEEDS]
            taken = side.cpu() - before
    except SideError as error:
        print(f"{model}: {error}", file=sys.stderr)
        return None
    return 1e6 * taken / sum(run["leapfrogs"] for run in runs)


def main() -> None:
    """Print a row a model."""
    heading("CPU microseconds a leapfrog step, 4 x (1000 + 1000)")
    kinds = present(KINDS)
    columns(["model", *(kind.name for kind in kinds), "native / nutpie"])
    for model in sys.argv[1:] or LEAPFROG:
        cost = {kind: microseconds(kind, model) for kind in kinds}
        beside = ratio(cost.get(NATIVE), cost.get(NUTPIE))
        row([model, *cost.values(), beside])


if __name__ == "__main__":
    main()
