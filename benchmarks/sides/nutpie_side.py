"""nutpie's side: `python -m sides.nutpie_side`, or with a model and a seed, one run.

In an environment of its own, with nutpie, PyMC and numba.
"""

from __future__ import annotations

import ctypes
import sys
import time
from typing import Any

import numpy as np
import nutpie
from models.catalogue import QUANTITIES
from models.data import DATA
from models.with_pymc import MODELS
from sides.serve import serve

HELD: dict[str, Any] = {}
POINTER = ctypes.POINTER(ctypes.c_double)


def sampled(compiled: Any, seed: int, draws: int, tune: int) -> Any:
    """Sample with nutpie's defaults otherwise."""
    return nutpie.sample(
        compiled, draws=draws, tune=tune, chains=4, seed=seed, progress_bar=False
    )


def whole_run(model: str, seed: int, draws: int, tune: int) -> None:
    """Model, compilation and posterior, as a user's script would."""
    compiled = nutpie.compile_pymc_model(MODELS[model](DATA[model]()))
    sampled(compiled, seed, draws, tune)


def prepare(model: str, variant: str = "") -> dict[str, Any]:  # noqa: ARG001 - one
    """Compile; the seconds it took."""
    begin = time.process_time()
    HELD["compiled"] = nutpie.compile_pymc_model(MODELS[model](DATA[model]()))
    HELD["name"] = model
    return {"version": nutpie.__version__, "compile": time.process_time() - begin}


def density(points: list[list[float]]) -> list[tuple[float, list[float]]]:
    """Value and gradient at each point, by the code that the sampler calls."""
    compiled = HELD["compiled"]
    call = compiled.compiled_logp_func.ctypes
    found = []
    for point in points:
        z, gradient, value = np.array(point), np.zeros(len(point)), np.zeros(1)
        pointers = [a.ctypes.data_as(POINTER) for a in (z, gradient, value)]
        call(len(point), *pointers, compiled.user_data.ctypes.data)
        found.append((value[0].item(), gradient.tolist()))
    return found


def seconds(point: list[float], count: int) -> float:
    """CPU seconds of `count` gradients near a point, as nutpie's sampler calls them."""
    from sides.native_loop import cpu_of_calls  # noqa: PLC0415 - needs a C compiler

    compiled = HELD["compiled"]
    return cpu_of_calls(
        compiled.compiled_logp_func.address,
        compiled.user_data.ctypes.data,
        point,
        count,
        nutpie=True,
    )


def sample(
    seed: int,
    draws: int,
    tune: int,
    *,
    steps: bool = True,  # noqa: ARG001 - counted anyway
) -> dict[str, Any]:
    """Sample; the posterior is held."""
    HELD["posterior"] = found = sampled(HELD["compiled"], seed, draws, tune)
    phases = [found.sample_stats, found.warmup_sample_stats]
    return {
        "leapfrogs": int(sum(phase["n_steps"].sum() for phase in phases)),
        "divergences": int(found.sample_stats["diverging"].sum()),
    }


def save(path: str) -> None:
    """Write the model's quantities, shape (chain, draw, ...) each."""
    posterior = HELD["posterior"].posterior
    np.savez(path, **{n: posterior[n].values for n in QUANTITIES[HELD["name"]]})


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
                "save": save,
            }
        )
