"""4 x (1000 + 1000) draws of the eight schools, beside the bare gradients in them."""

from __future__ import annotations

import resource
import statistics
import time

import numpy as np

import exmc
from exmc.cli.demo import eight_schools
from exmc.inference.zygote_process import ZYGOTE

REPEATS = 5


def cpu_of_children() -> float:
    """CPU seconds of all processes that have ended below this one."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def sampled(seed: int) -> tuple[float, float, int]:
    """Wall seconds, CPU seconds (workers included) and gradients of one run."""
    before, own, begin = cpu_of_children(), time.process_time(), time.perf_counter()
    posterior = exmc.sample(
        eight_schools(), noncentered=True, seed=seed, progress=False
    )
    wall = time.perf_counter() - begin
    ZYGOTE.close()
    cpu = cpu_of_children() - before + time.process_time() - own
    steps = posterior.stats["n_steps"].sum() + posterior.warmup_stats["n_steps"].sum()
    return wall, cpu, int(steps)


def seconds_a_gradient(count: int = 3000) -> float:
    """CPU seconds of one gradient at a typical point."""
    compiled = eight_schools().compile(noncentered=True)
    position, gradient = np.full(compiled.dim, 0.3), np.zeros(compiled.dim)
    begin = time.process_time()
    for _ in range(count):
        compiled.density(position, gradient)
    return (time.process_time() - begin) / count


def main() -> None:
    """Print medians and the ratio of the run's CPU to its gradients' CPU."""
    rows = []
    for seed in range(1, REPEATS + 1):
        wall, cpu, steps = sampled(seed)
        bare = steps * seconds_a_gradient()
        rows.append((wall, cpu, steps, bare, cpu / bare))
    columns = zip(*rows, strict=True)
    wall, cpu, steps, bare, ratio = map(statistics.median, columns)
    print(f"eight schools, 4 x (1000 + 1000), median of {REPEATS} seeds")
    print(f"wall                {wall:8.2f} s")
    print(f"CPU, workers and all{cpu:8.2f} s")
    print(f"gradients           {steps:8.0f} ({1e6 * bare / steps:.0f} us each)")
    print(f"bare gradients' CPU {bare:8.2f} s")
    print(f"CPU / bare gradients{ratio:8.2f}")


if __name__ == "__main__":
    main()
