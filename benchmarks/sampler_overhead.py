"""Microseconds that NUTS adds to each gradient, beside the eight schools' gradient."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np

from exmc.cli.demo import eight_schools
from exmc.sampler import STATS, ChainSettings, NutsChain

if TYPE_CHECKING:
    from collections.abc import Callable

    from exmc.typing import Density, Vector

REPEATS = 7
STEPS = STATS.index("n_steps")


def cheap(position: Vector, gradient: Vector) -> float:
    """N(0, I): the least that a density in numpy can cost."""
    np.negative(position, out=gradient)
    return 0.5 * float(position.dot(gradient))


def fastest(measure: Callable[[], float]) -> float:
    """Least of several measurements: what is above it is other work of the machine."""
    return min(measure() for _ in range(REPEATS))


def gradient_microseconds(density: Density, dim: int, count: int) -> float:
    """CPU time of one gradient."""
    position, gradient = np.full(dim, 0.3), np.zeros(dim)
    begin = time.process_time()
    for _ in range(count):
        density(position, gradient)
    return 1e6 * (time.process_time() - begin) / count


def leapfrog_microseconds(dim: int, step_size: float, draws: int) -> float:
    """CPU time of a chain on N(0, I) per leapfrog step, its gradient included."""
    settings = ChainSettings(tune=0, draws=draws, step_size=step_size)
    chain = NutsChain(cheap, dim, settings, 1, 0, initial=np.full(dim, 0.5))
    chain.start()
    begin = time.process_time()
    steps = sum(chain.step().stats[STEPS] for _ in range(draws))
    return 1e6 * (time.process_time() - begin) / steps


def main() -> None:
    """Print a row a setting."""
    compiled = eight_schools().compile(noncentered=True)
    schools = fastest(
        lambda: gradient_microseconds(compiled.density, compiled.dim, 500)
    )
    print(f"gradient of the eight schools: {schools:.0f} us")
    for dim in (10, 100):
        bare = fastest(lambda: gradient_microseconds(cheap, dim, 20_000))  # noqa: B023 - called at once
        for step_size, draws in ((0.8, 2000), (0.1, 400)):
            whole = fastest(
                lambda: leapfrog_microseconds(dim, step_size, draws)  # noqa: B023 - called at once
            )
            print(
                f"dim {dim:3d}, step {step_size}: {whole:.1f} us a leapfrog, "
                f"{whole - bare:.1f} without its gradient = "
                f"{(whole - bare) / schools:.1%} of the eight schools' gradient"
            )


if __name__ == "__main__":
    main()
