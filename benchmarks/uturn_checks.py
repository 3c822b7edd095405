"""ESS per gradient with and without the two extra U-turn checks at each joint.

Three pairs are judged when two halves of a path are joined: the ends of the whole,
and each half with the near end of the other. This measures what the last two are worth.
`python benchmarks/uturn_checks.py` takes about three minutes of one core.
"""

from __future__ import annotations

import inspect
import sys
from types import ModuleType
from typing import TYPE_CHECKING

import numpy as np

from exmc.diagnostics import ess
from exmc.sampler import STATS, ChainSettings, NutsChain, block, nuts

if TYPE_CHECKING:
    from collections.abc import Callable

    from exmc.typing import Array, Density, Vector

REPEATS = 3
CHAINS = 4
TUNE = 300
DRAWS = 1000
STEPS = STATS.index("n_steps")


def without_extra_checks() -> ModuleType:
    """The kernel, judging the ends of the whole only."""
    source = inspect.getsource(nuts)
    for extra, nothing in (
        ("        if level > 1:\n", "        if False:\n"),
        ("    if depth == 0:\n", "    if True:\n"),
    ):
        if source.count(extra) != 1:
            raise ValueError(f"{extra!r} is no longer one place of the kernel")
        source = source.replace(extra, nothing)
    kernel = ModuleType("nuts_without_extra_checks")
    exec(source, vars(kernel))  # noqa: S102 - the package's own source
    return kernel


def normal(precision: Array) -> Density:
    """N(0, inverse of precision)."""

    def density(position: Vector, gradient: Vector) -> float:
        np.negative(precision @ position, out=gradient)
        return 0.5 * float(position @ gradient)

    return density


def independent(position: Vector, gradient: Vector) -> float:
    """N(0, I)."""
    np.negative(position, out=gradient)
    return 0.5 * float(position @ gradient)


def rotated(dim: int) -> Density:
    """A normal with log-normal standard deviations along random axes."""
    rng = np.random.Generator(np.random.PCG64(4))
    variances = np.exp(2.0 * rng.standard_normal(dim))
    axes = np.linalg.qr(rng.standard_normal((dim, dim)))[0]
    return normal((axes / variances) @ axes.T)


def autoregressive(dim: int) -> Density:
    """A normal with correlation 0.9 between neighbours."""
    lags = np.abs(np.subtract.outer(np.arange(dim), np.arange(dim)))
    return normal(np.linalg.inv(0.9**lags))


def student(position: Vector, gradient: Vector) -> float:
    """Independent Student t with five degrees of freedom."""
    excess = 1.0 + position**2 / 5.0
    np.copyto(gradient, -6.0 / 5.0 * position / excess)
    return float(-3.0 * np.log(excess).sum())


def eight_schools(position: Vector, gradient: Vector) -> float:
    """Rubin's eight schools, non-centred: mu, log tau, eta."""
    effect = np.array([28.0, 8, -3, 7, -1, 1, 18, 12])
    error = np.array([15.0, 10, 16, 11, 9, 11, 10, 18])
    mu, tau, eta = position[0], np.exp(position[1]), position[2:]
    residual = effect - mu - tau * eta
    pull = residual / error**2
    gradient[0] = pull.sum() - mu / 25.0
    gradient[1] = tau * (pull @ eta) - 2.0 * tau**2 / (25.0 + tau**2) + 1.0
    gradient[2:] = tau * pull - eta
    prior = -(mu**2) / 50.0 - np.log1p(tau**2 / 25.0) + position[1] - eta @ eta / 2.0
    value = prior - residual @ pull / 2.0
    finite = np.isfinite(value) and np.isfinite(gradient).all()
    return float(value) if finite else float("nan")


def logistic() -> Density:
    """Logistic regression: 200 rows, six columns, two of them correlated."""
    rng = np.random.Generator(np.random.PCG64(3))
    columns = rng.standard_normal((200, 6))
    columns[:, 1] = 0.9 * columns[:, 0] + 0.4 * columns[:, 1]
    chance = 1.0 / (1.0 + np.exp(-columns @ rng.standard_normal(6)))
    outcome = (rng.random(200) < chance).astype(float)

    def density(position: Vector, gradient: Vector) -> float:
        predictor = columns @ position
        fitted = 1.0 / (1.0 + np.exp(-predictor))
        np.copyto(gradient, columns.T @ (outcome - fitted) - position)
        likelihood = outcome @ predictor - np.logaddexp(0.0, predictor).sum()
        return float(likelihood - position @ position / 2.0)

    return density


TARGETS: dict[str, Callable[[], tuple[Density, int]]] = {
    "N(0, I), d=10": lambda: (independent, 10),
    "N(0, I), d=100": lambda: (independent, 100),
    "AR(1) 0.9, d=20": lambda: (autoregressive(20), 20),
    "rotated, d=20": lambda: (rotated(20), 20),
    "Student t5, d=10": lambda: (student, 10),
    "eight schools": lambda: (eight_schools, 10),
    "logistic, d=6": lambda: (logistic(), 6),
}


def efficiency(density: Density, dim: int, seed: int) -> tuple[float, float, float]:
    """Least bulk ESS and ESS of squares per 1000 gradients; gradients per draw."""
    chains, steps = [], 0.0
    for number in range(CHAINS):
        chain = NutsChain(density, dim, ChainSettings(TUNE, DRAWS), seed, number)
        chain.start()
        records = [chain.step() for _ in range(TUNE + DRAWS)][TUNE:]
        chains.append([record.position for record in records])
        steps += sum(record.stats[STEPS] for record in records)
    draws = np.moveaxis(np.array(chains), 2, 0)
    bulk = min(ess(x, "bulk") for x in draws)
    squares = min(ess((x - x.mean()) ** 2, "bulk") for x in draws)
    return 1e3 * bulk / steps, 1e3 * squares / steps, steps / (CHAINS * DRAWS)


def main() -> None:
    """Print a row a target: means and standard deviations over repeats."""
    print("least ESS per 1000 gradients: bulk, squares (gradients a draw)")
    kernels = {"with": nuts, "without": without_extra_checks()}
    chosen = sys.argv[1:] or list(TARGETS)
    for name in chosen:
        density, dim = TARGETS[name]()
        for label, kernel in kernels.items():
            vars(block)["transition"] = kernel.transition
            found = np.array(
                [efficiency(density, dim, 100 + r) for r in range(REPEATS)]
            )
            (bulk, squares, steps), spread = (
                found.mean(axis=0),
                found.std(axis=0, ddof=1),
            )
            print(
                f"{name:18s} {label:8s} {bulk:6.1f} +- {spread[0]:4.1f}"
                f"  {squares:6.1f} +- {spread[1]:4.1f}  ({steps:.1f})",
                flush=True,
            )


if __name__ == "__main__":
    main()
