"""CPU time of one gradient: machine code, numpy, loops by hand, nutpie, NumPyro.

`python benchmarks/gradient.py [MODEL ...]`. Every framework's code is called by a
compiled loop near one random position; numpy's by a loop in Python. Frameworks take
turns within each round; a cell is the median of the rounds, in microseconds.
"""

from __future__ import annotations

import contextlib
import statistics
import sys

import numpy as np
from harness.dialogue import (
    HAND,
    HAND_FAST,
    NATIVE,
    NUMPY,
    NUMPYRO64,
    NUTPIE,
    Kind,
    Side,
    SideError,
    present,
)
from harness.table import columns, geometric_mean, heading, ratio, row
from models.catalogue import GRADIENT, MANY_OBSERVATIONS
from models.data import generator

ROUNDS = 7
BLOCK_SECONDS = 0.03

DIMS = {
    "eight_schools": 10,
    "radon": 89,
    "logistic_1000": 21,
    "stochastic_volatility": 102,
    "funnel": 10,
    "mvn_100": 100,
    "irt_2pl": 140,
    "mixture_500": 5,
    "poisson_glm": 10,
    "horseshoe": 101,
    "gp_100": 3,
    "ar_200": 7,
}
CENTRES = {"gp_100": (1.8, 0.7, -0.7)}
"""Around which a position is drawn; zeros elsewhere. A length of 1 would make most
covariances subnormal, at which every processor is slow."""

KINDS = (NATIVE, NUMPY, HAND, HAND_FAST, NUTPIE, NUMPYRO64)


def calibrated(side: Side, model: str, point: list[float]) -> int | None:
    """How many calls make a block; None if the side lacks the model."""
    try:
        side.prepare(model)
        once = side.ask("seconds", point=point, count=20) / 20
        return max(20, int(BLOCK_SECONDS / max(once, 1e-9)))
    except SideError as error:
        print(f"{model}: {error}", file=sys.stderr)
        return None


def microseconds(sides: list[Side], model: str) -> dict[Kind, float | None]:
    """Median CPU time of a gradient on each side."""
    around = np.array(CENTRES.get(model, np.zeros(DIMS[model])))
    spread = 0.1 if model in CENTRES else 0.4
    point = (around + spread * generator(99).standard_normal(DIMS[model])).tolist()
    counts = {side: calibrated(side, model, point) for side in sides}
    blocks: dict[Kind, list[float]] = {side.kind: [] for side in sides}
    for _ in range(ROUNDS):
        for side, count in counts.items():
            if count is not None:
                taken = side.ask("seconds", point=point, count=count)
                blocks[side.kind].append(1e6 * taken / count)
    return {k: statistics.median(b) if b else None for k, b in blocks.items()}


def main() -> None:
    """Print the table and how the bars stand."""
    heading("CPU microseconds of one log-density and gradient")
    names = [kind.name for kind in KINDS]
    beside = ["native / by hand", "native / fast math", "native / nutpie"]
    columns(["model", *names, *beside])
    found = {}
    with contextlib.ExitStack() as stack:
        sides = [stack.enter_context(Side(kind)) for kind in present(KINDS)]
        for model in sys.argv[1:] or GRADIENT:
            cost = microseconds(sides, model)
            ours = cost.get(NATIVE)
            found[model] = [ratio(ours, cost.get(k)) for k in (HAND, HAND_FAST, NUTPIE)]
            row([model, *(cost.get(kind) for kind in KINDS), *found[model]])
    row(
        [
            "geometric mean",
            *[None] * len(KINDS),
            *map(geometric_mean, zip(*found.values(), strict=True)),
        ]
    )
    large = [ratios[0] for name, ratios in found.items() if name in MANY_OBSERVATIONS]
    print(
        f"\nn >= 500, worst native / by hand: {max(filter(None, large), default=None)}"
    )
    peers = [ratios[2] for ratios in found.values()]
    print(f"worst native / nutpie: {max(filter(None, peers), default=None)}")


if __name__ == "__main__":
    main()
