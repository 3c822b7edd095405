"""Process start to the first draw seen by a subscriber, beside bare imports."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

REPEATS = 11

FIRST_DRAW = """
import asyncio, exmc
with exmc.Model() as model:
    mu = exmc.Normal("mu", 0, 5)
    tau = exmc.HalfCauchy("tau", 5)
    theta = exmc.Normal("theta", mu, tau, shape=8)
    exmc.Normal("y", theta, [15, 10, 16, 11, 9, 11, 10, 18],
                observed=[28, 8, -3, 7, -1, 1, 18, 12])
async def main():
    async with exmc.start(model, noncentered=True, seed=1) as run:
        async for batch in run.batches(warmup=True):
            print("seen", flush=True)
            break
asyncio.run(main())
"""
IMPORTS = "import numpy, autograd.numpy; print('seen', flush=True)"


def seconds_to_first_line(code: str) -> float:
    """Wall seconds from the process's start to its first line."""
    begin = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "seen\n"
        return time.perf_counter() - begin


def main() -> None:
    """Print medians and their ratio."""
    draws, imports = [], []
    for _ in range(REPEATS):
        draws.append(seconds_to_first_line(FIRST_DRAW))
        imports.append(seconds_to_first_line(IMPORTS))
    draw, bare = statistics.median(draws), statistics.median(imports)
    print(f"process start to first draw   {1000 * draw:7.0f} ms (median of {REPEATS})")
    print(f"importing numpy and autograd  {1000 * bare:7.0f} ms")
    print(f"ratio                         {draw / bare:7.2f}")


if __name__ == "__main__":
    main()
