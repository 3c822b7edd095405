"""Whole runs beside the peers': effective draws per CPU-second, and cold starts.

`python benchmarks/peers.py [MODEL ...]`. 4 x (1000 + 1000) draws, the frameworks'
defaults otherwise, diagonal metrics all. Sampling: several seeds in one process, after
one run that is not counted (it compiles, or starts workers), CPU of all processes and
threads until the posterior is there; the least bulk ESS of the model's quantities, by
one estimator. Cold: a script from process start to its end, first with empty caches,
then again with those it left.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

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
CONVERGED_RHAT = 1.01
CONVERGED_ESS = 400


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


def cold(kind: Kind, model: str) -> tuple[float | None, float | None]:
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
            return None, None


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


def main() -> None:
    """Print a row a model, and the means of the ratios."""
    heading("least bulk ESS per CPU-second; CPU seconds cold, first / again")
    kinds = present(KINDS)
    models = [name for name in sys.argv[1:] if not name.startswith("-")] or SAMPLING
    with_cold = "--no-cold" not in sys.argv
    columns(
        [
            "model",
            *(f"{kind.name}, ESS/s" for kind in kinds),
            *(f"{kind.name}, s a run" for kind in kinds),
            *(f"{kind.name}, cold" for kind in kinds),
            "ESS/s over the best peer's",
            "cold over the best peer's",
        ]
    )
    rates, starts = [], []
    for model in models:
        found = {kind: sampling(kind, model) for kind in kinds}
        started = {
            kind: cold(kind, model) if with_cold else (None, None) for kind in kinds
        }
        ours, best = found.get(NATIVE), best_peer(found)
        rates.append(ratio(ours.rate if ours else None, best.rate if best else None))
        again = {kind: seconds[1] for kind, seconds in started.items()}
        least = min(
            (s for kind, s in again.items() if kind != NATIVE and s is not None),
            default=None,
        )
        starts.append(ratio(again.get(NATIVE), least))
        row(
            [
                model,
                *(rate_cell(found[kind]) for kind in kinds),
                *((found[kind].cpu if found[kind] else None) for kind in kinds),
                *(
                    f"{first:.2f} / {second:.2f}" if first and second else None
                    for first, second in started.values()
                ),
                rates[-1],
                starts[-1],
            ]
        )
    row(
        [
            "geometric mean",
            *[None] * (3 * len(kinds)),
            geometric_mean(rates),
            geometric_mean(starts),
        ]
    )


if __name__ == "__main__":
    main()
