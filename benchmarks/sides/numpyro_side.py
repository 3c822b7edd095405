"""NumPyro's side: `python -m sides.numpyro_side`, or with a model and a seed, one run.

In an environment of its own, with NumPyro and JAX for the CPU. Four chains on four
virtual devices: of the ways it has, the one that takes the least CPU. Precision is
single by JAX's default, double where the variant, or the environment's
JAX_ENABLE_X64, says so.
"""

from __future__ import annotations

import sys
import time
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpyro
from jax import lax
from jax.flatten_util import ravel_pytree
from models.catalogue import QUANTITIES
from models.data import DATA
from models.with_numpyro import MODELS
from numpyro.infer import MCMC, NUTS
from numpyro.infer.util import initialize_model
from sides.serve import serve

CHAINS = 4
HELD: dict[str, Any] = {}

numpyro.set_host_device_count(CHAINS)


def stated(model: str) -> Any:
    """The model with its data."""
    data = {name: jnp.asarray(value) for name, value in DATA[model]().items()}
    return partial(MODELS[model], data)


def whole_run(model: str, seed: int, draws: int, tune: int) -> None:
    """Model, compilation and posterior, as a user's script would."""
    mcmc = MCMC(
        NUTS(stated(model)),
        num_warmup=tune,
        num_samples=draws,
        num_chains=CHAINS,
        progress_bar=False,
    )
    mcmc.run(jax.random.PRNGKey(seed))
    jax.device_get(mcmc.get_samples(group_by_chain=True))


def prepare(model: str, variant: str = "float32") -> dict[str, Any]:
    """State the model."""
    jax.config.update("jax_enable_x64", variant == "float64")
    HELD.clear()
    HELD["name"], HELD["model"] = model, stated(model)
    return {"version": numpyro.__version__}


def flat_density() -> tuple[Any, int]:
    """Log-density and gradient of a flat vector in the order of the statement."""
    model = HELD["model"]
    info = initialize_model(jax.random.PRNGKey(0), model)
    names = [name for name in info.model_trace if name in info.param_info.z]
    start = [info.param_info.z[name] for name in names]
    flat, unravel = ravel_pytree(start)

    def log_density(z: Any) -> Any:
        return -info.potential_fn(dict(zip(names, unravel(z), strict=True)))

    return jax.value_and_grad(log_density), flat.size


def density(points: list[list[float]]) -> list[tuple[float, list[float]]]:
    """Value and gradient at each point."""
    function = jax.jit(flat_density()[0])
    pairs = [function(jnp.array(point)) for point in points]
    return [(value.item(), gradient.tolist()) for value, gradient in pairs]


@partial(jax.jit, static_argnums=0)
def _many(function: Any, z: Any, count: int) -> Any:
    def once(_: Any, carry: Any) -> Any:
        z, total = carry
        value, gradient = function(z)
        return z + 1e-12 * gradient, total + value

    return lax.fori_loop(0, count, once, (z, jnp.zeros((), z.dtype)))


def seconds(point: list[float], count: int) -> float:
    """CPU seconds of `count` gradients near a point, in one compiled loop."""
    if "loop" not in HELD:
        HELD["loop"] = partial(_many, flat_density()[0])
        jax.block_until_ready(HELD["loop"](jnp.array(point), 1))
    z = jnp.array(point)
    begin = time.process_time()
    jax.block_until_ready(HELD["loop"](z, count))
    return time.process_time() - begin


def _chain(key: Any, draws: int, tune: int, steps: bool) -> Any:  # noqa: FBT001
    mcmc = MCMC(
        NUTS(HELD["model"]), num_warmup=tune, num_samples=draws, progress_bar=False
    )
    if steps:  # of the warm-up as well
        mcmc._set_collection_params(0, tune + draws, tune + draws)  # noqa: SLF001
    mcmc.run(key, extra_fields=("num_steps", "diverging"))
    return mcmc.get_samples(), mcmc.get_extra_fields()


def sample(seed: int, draws: int, tune: int, *, steps: bool = False) -> dict[str, Any]:
    """Sample; the posterior is held. Code compiled for one seed serves the others.

    Its steps in the warm-up are counted, and its draws kept too, only if `steps`.
    """
    setting = draws, tune, steps
    if HELD.get("setting") != setting:
        chain = partial(_chain, draws=draws, tune=tune, steps=steps)
        HELD["chains"], HELD["setting"] = jax.pmap(chain), setting
    keys = jax.random.split(jax.random.PRNGKey(seed), CHAINS)
    HELD["posterior"], extra = jax.device_get(HELD["chains"](keys))
    return {
        "leapfrogs": int(extra["num_steps"].sum()),
        "divergences": int(extra["diverging"][:, -draws:].sum()),
    }


def save(path: str) -> None:
    """Write the model's quantities, shape (chain, draw, ...) each."""
    np.savez(path, **{n: HELD["posterior"][n] for n in QUANTITIES[HELD["name"]]})


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
