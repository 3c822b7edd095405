"""Whole runs beside the peers': effective draws per CPU-second, and cold starts.

`python benchmarks/peers.py [MODEL ...]`. 4 x (1000 + 1000) draws, the frameworks'
defaults otherwise, diagonal metrics all. Sampling: several seeds in one process, after
one run that is not counted (it compiles, or starts workers), CPU of all processes and
threads until the posterior is there; the least bulk ESS of the model's quantities, by
one estimator. Cold: a script from process start to its end, first with empty caches,
then again with those it left.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

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
from harness.efficiency import entries, least_bulk_ess, worst_rhat
from harness.table import columns, geometric_mean, heading, ratio, row
from harness.whole_run import cpu_of
from models.catalogue import SAMPLING

SEEDS = (1, 2, 3, 4, 5)
DRAWS = TUNE = 1000
KINDS = (NATIVE, NUTPIE, NUMPYRO, NUMPYRO64)
CONVERGED_RHAT = 1.02
CONVERGED_ESS = 400

Start: TypeAlias = tuple[float | None, float | None]
NEVER: Start = (None, None)


@dataclass(frozen=True)
class Sampling:
    """What a framework reached on a model: medians over the seeds.

    Attributes:
        ess: Least bulk ESS.
        rhat: Worst R-hat.
        cpu: CPU seconds of a run.
    """

    ess: float
    rhat: float
    cpu: float

    @property
    def rate(self) -> float:
        """Least bulk ESS per CPU-second."""
        return self.ess / self.cpu

    @property
    def converged(self) -> bool:
        """Whether the framework can be said to have sampled this posterior."""
        return self.rhat < CONVERGED_RHAT and self.ess >= CONVERGED_ESS


def sampling(kind: Kind, model: str) -> Sampling | None:
    """Measure runs in one process."""
    size = {"draws": DRAWS, "tune": TUNE}
    taken, quality = 0.0, []
    try:
        with Side(kind) as side, tempfile.TemporaryDirectory() as folder:
            side.prepare(model)
            side.ask("sample", seed=0, **size)
            for seed in SEEDS:
                before = side.cpu()
                side.ask("sample", seed=seed, **size)
                taken += side.cpu() - before
                path = Path(folder) / f"{seed}.npz"
                side.ask("save", path=str(path))
                draws = entries(path)
                quality.append((least_bulk_ess(draws), worst_rhat(draws)))
    except SideError as error:
        print(f"{model}: {error}", file=sys.stderr)
        return None
    ess, rhat = map(statistics.median, zip(*quality, strict=True))
    return Sampling(ess, rhat, taken / len(SEEDS))


def cold(kind: Kind, model: str) -> Start:
    """CPU seconds of a script with empty caches, and again."""
    arguments = [model, "1", str(DRAWS), str(TUNE)]
    with tempfile.TemporaryDirectory() as folder:
        caches = {
            "XDG_CACHE_HOME": folder,
            "PYTENSOR_FLAGS": f"base_compiledir={folder}/pytensor",
        }
        try:
            return (
                cpu_of(kind, arguments, **caches),
                cpu_of(kind, arguments, **caches),
            )
        except RuntimeError as error:
            print(error, file=sys.stderr)
            return NEVER


def best_peer(found: dict[Kind, Sampling | None]) -> Sampling | None:
    """The peer with the most effective draws per second, of those that converged."""
    peers = [s for kind, s in found.items() if kind != NATIVE and s is not None]
    converged = [s for s in peers if s.converged]
    return max(converged, key=lambda s: s.rate, default=None)


def rate_cell(found: Sampling | None) -> str | None:
    """The rate; in brackets if it did not converge."""
    if found is None:
        return None
    return f"{found.rate:.0f}" if found.converged else f"({found.rate:.0f})"


def least_again(started: dict[Kind, Start]) -> float | None:
    """The peers' least CPU of a script that ran before."""
    peers = [again for kind, (_, again) in started.items() if kind != NATIVE]
    return min((seconds for seconds in peers if seconds is not None), default=None)


def measured(
    model: str, kinds: list[Kind], *, with_cold: bool
) -> tuple[list[object], float | None, float | None]:
    """The cells of a model, and its two ratios to the best peer."""
    found = {kind: sampling(kind, model) for kind in kinds}
    started = {kind: cold(kind, model) if with_cold else NEVER for kind in kinds}
    ours, best = found.get(NATIVE), best_peer(found)
    rate = ratio(ours and ours.rate, best and best.rate)
    start = ratio(started.get(NATIVE, NEVER)[1], least_again(started))
    cells = [
        *map(rate_cell, found.values()),
        *(run and run.cpu for run in found.values()),
        *(first and f"{first:.2f} / {again:.2f}" for first, again in started.values()),
    ]
    return [model, *cells, rate, start], rate, start


def main() -> None:
    """Print a row a model, and the means of the ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("models", nargs="*", metavar="MODEL")
    parser.add_argument("--no-cold", action="store_true", help="sampling only")
    parser.add_argument("--no-exmc", action="store_true", help="peers only")
    options = parser.parse_args()
    heading("least bulk ESS per CPU-second; CPU seconds cold, first / again")
    kinds = present(KINDS[1:] if options.no_exmc else KINDS)
    names = [kind.name for kind in kinds]
    columns(
        [
            "model",
            *(f"{name}, ESS/s" for name in names),
            *(f"{name}, s a run" for name in names),
            *(f"{name}, cold" for name in names),
            "ESS/s over the best peer's",
            "cold over the best peer's",
        ]
    )
    rates, starts = [], []
    for model in options.models or SAMPLING:
        cells, rate, start = measured(model, kinds, with_cold=not options.no_cold)
        row(cells)
        rates.append(rate)
        starts.append(start)
    means = geometric_mean(rates), geometric_mean(starts)
    row(["geometric mean", *[None] * (3 * len(kinds)), *means])


if __name__ == "__main__":
    main()
