"""Microseconds that NUTS adds to each gradient, in Python and in machine code."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np

from exmc.cli.demo import eight_schools
from exmc.native import available, compile_ir, load
from exmc.native.function import NativeFunction
from exmc.native.subset.kernels import Kernels
from exmc.numerics.reductions import dot
from exmc.sampler import PYTHON, STATS, ChainSettings, NutsChain
from exmc.sampler.native_engine import native_engine

if TYPE_CHECKING:
    from collections.abc import Callable

    from exmc.sampler import Engine
    from exmc.typing import Density, Vector

REPEATS = 9
BLOCK = 1000
STEPS = STATS.index("n_steps")

WRAPPER = """
define double @density(ptr %z, ptr %out, ptr %context) {{
  %answer = call double @standard_normal(ptr %z, i64 {dim}, ptr %out, i64 {dim})
  ret double %answer
}}
"""


def standard_normal(position: Vector, gradient: Vector) -> float:
    """N(0, I), as a kernel; its cost is part of every figure."""
    gradient[:] = -position
    return 0.5 * dot(position, gradient)


def cheap(position: Vector, gradient: Vector) -> float:
    """N(0, I): the least that a density in numpy can cost."""
    np.negative(position, out=gradient)
    return 0.5 * float(position.dot(gradient))


def machine_code(dim: int) -> NativeFunction:
    """Return the same in machine code."""
    text = Kernels(standard_normal).text + WRAPPER.format(dim=dim)
    return NativeFunction(load(compile_ir(text)), "density", [], 0)


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


def leapfrog_microseconds(
    density: Density, engine: Engine, settings: ChainSettings, dim: int
) -> float:
    """CPU time of a chain per leapfrog step, random numbers and rows included."""
    start = np.full(dim, 0.5)
    chain = NutsChain(density, dim, settings, 1, 0, start, engine=engine)
    chain.start()
    steps = 0.0
    begin = time.process_time()
    while not chain.done:
        steps += float(chain.advance(BLOCK)[:, STEPS].sum())
    return 1e6 * (time.process_time() - begin) / steps


def main() -> None:
    """Print a row a setting."""
    compiled = eight_schools().compile(noncentered=True)
    schools = fastest(
        lambda: gradient_microseconds(compiled.density, compiled.dim, 500)
    )
    print(f"gradient of the eight schools: {schools:.1f} us")
    engines = {"Python": (PYTHON, lambda _: cheap, 1)}
    if available():
        engines["machine code"] = (native_engine(), machine_code, 50)
    for name, (engine, density_of, times) in engines.items():
        for dim in (10, 100):
            density = density_of(dim)
            for step_size, draws in ((0.8, 1000 * times), (0.1, 200 * times)):
                settings = ChainSettings(tune=0, draws=draws, step_size=step_size)
                whole = fastest(
                    lambda: leapfrog_microseconds(density, engine, settings, dim)  # noqa: B023 - called at once
                )
                print(
                    f"{name}, dim {dim}, step {step_size}: "
                    f"{whole:.3f} us a leapfrog, its gradient included"
                )


if __name__ == "__main__":
    main()
