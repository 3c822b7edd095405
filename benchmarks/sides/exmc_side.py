"""exmc's side: `python -m sides.exmc_side`, or with a model and a seed, one run."""

from __future__ import annotations

import os
import sys
import time
from typing import Any

import numpy as np
from models.catalogue import QUANTITIES
from models.data import DATA
from models.with_exmc import MODELS, NONCENTERED
from sides.serve import serve

import exmc
from exmc.native import target

HELD: dict[str, Any] = {}


def options(
    model: str, seed: int, draws: int, tune: int, chains: int = 4
) -> dict[str, Any]:
    """The options of a run."""
    return {
        "chains": chains,
        "draws": draws,
        "tune": tune,
        "seed": seed,
        "noncentered": model in NONCENTERED,
        "progress": False,
    }


def whole_run(model: str, seed: int, draws: int, tune: int) -> None:
    """Model and posterior, as a user's script would."""
    backend = os.environ.get("EXMC_BENCHMARK_BACKEND", "native")
    chosen = options(model, seed, draws, tune)
    exmc.sample(MODELS[model](DATA[model]()), backend=backend, **chosen)


def prepare(model: str, variant: str = "native") -> dict[str, Any]:
    """Build; the seconds it took from the statement to the code."""
    backend, _, level = variant.partition(":")
    if level:  # machine code for another processor; use a cache of its own
        vars(target)["host_level"] = lambda: level
    stated = MODELS[model](DATA[model]())
    begin = time.process_time()
    compiled = stated.compile(noncentered=model in NONCENTERED, backend=backend)
    build = compiled.build
    seconds = time.process_time() - begin
    HELD.update(name=model, model=stated, backend=backend, compiled=compiled)
    HELD["function"] = compiled.density
    if build.executable is not None:
        HELD["function"] = build.executable.realise(build.data)["density"]
    return {
        "version": exmc.__version__,
        "backend": build.backend,
        "reason": build.reason,
        "compile": seconds,
        "dim": compiled.dim,
    }


def density(points: list[list[float]]) -> list[tuple[float, list[float]]]:
    """Value and gradient at each point."""
    pairs = [HELD["compiled"].value_and_grad(np.array(point)) for point in points]
    return [(value, list(gradient)) for value, gradient in pairs]


def seconds(point: list[float], count: int) -> float:
    """CPU seconds of `count` gradients near a point.

    Machine code is called by a loop in C; anything else by a loop in Python.
    """
    function = HELD["function"]
    if hasattr(function, "pair"):
        from sides.native_loop import cpu_of_calls  # noqa: PLC0415 - needs a compiler

        return cpu_of_calls(int(function.pair[0]), int(function.pair[1]), point, count)
    z, gradient = np.array(point), np.zeros(len(point))
    begin = time.process_time()
    for _ in range(count):
        function(z, gradient)
    return time.process_time() - begin


def sample(
    seed: int,
    draws: int,
    tune: int,
    *,
    chains: int = 4,
    steps: bool = True,  # noqa: ARG001 - counted anyway
) -> dict[str, Any]:
    """Sample; the posterior is held."""
    chosen = options(HELD["name"], seed, draws, tune, chains)
    found = exmc.sample(HELD["model"], backend=HELD["backend"], **chosen)
    HELD["posterior"] = found
    phases = found.stats, found.warmup_stats
    return {
        "leapfrogs": int(sum(phase["n_steps"].sum() for phase in phases)),
        "divergences": int(found.stats["diverging"].sum()),
    }


def digest() -> str:
    """Of all draws held, warm-up and statistics included."""
    answer: str = HELD["posterior"].digest()
    return answer


def _quantity(name: str) -> Any:
    # A function's variables are logarithms or log-odds: the same ranks, so the same
    # bulk effective sample size.
    posterior = HELD["posterior"]
    names = (name, f"log_{name}", f"logit_{name}")
    return next(posterior[n] for n in names if n in posterior.names)


def save(path: str) -> None:
    """Write the model's quantities, shape (chain, draw, ...) each."""
    np.savez(path, **{n: _quantity(n) for n in QUANTITIES[HELD["name"]]})


if __name__ == "__main__":
    if sys.argv[1:]:
        whole_run(sys.argv[1], *map(int, sys.argv[2:]))
    else:
        serve(
            {
                "prepare": prepare,
                "density": density,
                "seconds": seconds,
                "sample": sample,
                "digest": digest,
                "save": save,
            }
        )
