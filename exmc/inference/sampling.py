"""`exmc.sample`: a whole run from synchronous code, a script or a notebook."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING

from exmc.inference.own_thread import OwnThread
from exmc.inference.progress import progress_on, say_on
from exmc.inference.starting import start
from exmc.model import model_of_logp

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from exmc.gradient.speed import Backend
    from exmc.inference.progress import Progress
    from exmc.inference.starting import Starting
    from exmc.model import Model
    from exmc.posterior import Posterior
    from exmc.run.run_spec import NonCentered, WarmUp
    from exmc.typing import Array

REFRESH_SECONDS = 0.1


def sample(  # noqa: PLR0913 - the options of a run
    model: Model,
    *,
    draws: int = 1000,
    tune: int = 1000,
    chains: int = 4,
    seed: int | None = None,
    target_accept: float = 0.8,
    max_treedepth: int = 10,
    warmup: WarmUp = "continuous",
    noncentered: NonCentered = False,
    backend: Backend = "auto",
    hot_upgrade: bool = False,
    progress: bool = True,
) -> Posterior:
    """Sample the model's posterior and return it.

    Works in a script (no `__main__` guard is needed) and in a notebook: the run
    has a thread and an event loop of its own. Ctrl-C ends the run and returns the
    draws so far, marked partial; a second one aborts.

    Args:
        model: What to sample.
        draws: Draws a chain after warm-up.
        tune: Warm-up transitions a chain.
        chains: Chains; each is a process of its own.
        seed: 0 .. 2**63 - 1; one is drawn, and kept in the posterior, if None.
        target_accept: Mean acceptance that the step size aims at.
        max_treedepth: Doublings a transition may make.
        warmup: "continuous" windows, or "stan" for Stan's.
        noncentered: Sample location-scale variables with a random location or
            scale standardised: all, none, or a choice by name.
        backend: How gradients are computed: "native" machine code, "strict" numpy
            with the same bits, fast "numpy", "autograd"; "auto" takes machine code
            where llvmlite imports, else numpy.
        hot_upgrade: Begin on the strict program at once, and change to machine code
            between two transitions when it is compiled; the draws are the same.
        progress: Show a line a chain on stderr.

    Raises:
        OptionError: An option is out of range.
        ModelError: The model is not well formed.
        MissingExtraError: backend="native" without llvmlite.
        SamplingError: The run failed; its `posterior` has the draws so far.
    """
    starting = start(
        model,
        draws=draws,
        tune=tune,
        chains=chains,
        seed=seed,
        target_accept=target_accept,
        max_treedepth=max_treedepth,
        warmup=warmup,
        noncentered=noncentered,
        backend=backend,
        hot_upgrade=hot_upgrade,
    )
    return _conducted(starting, progress_on(sys.stderr, wanted=progress))


def sample_logp(
    logp: Callable[..., object],
    init: Array | Mapping[str, Array],
    **options: object,
) -> Posterior:
    """Sample a bare log-density written with autograd's numpy.

    The function is recorded once, step by step, and travels to the workers as
    data; it must not branch on values of its argument.

    Args:
        logp: Takes what `init` is; returns the unnormalised log-density, a scalar.
        init: Where to start: an array, or a dict of arrays by name.
        options: Those of `sample`.

    Raises:
        UntraceableError: A step of the function cannot be recorded.
    """
    return sample(model_of_logp(logp, init), **options)  # type: ignore[arg-type]


def _conducted(starting: Starting, progress: Progress) -> Posterior:
    thread = OwnThread(lambda stop: _conduct(starting, progress, stop))
    try:
        try:
            return thread.result()
        except KeyboardInterrupt:
            thread.stop()
            say_on(sys.stderr, "exmc: stopping; the draws so far are kept.\n")
            return thread.result()
    except KeyboardInterrupt:
        thread.abort()
        raise KeyboardInterrupt from None


async def _conduct(
    starting: Starting, progress: Progress, stop: asyncio.Event
) -> Posterior:
    """Run to the end or to the stop, showing progress."""
    async with starting as run:
        ending = asyncio.create_task(run.result())
        stopping = asyncio.create_task(stop.wait())
        try:
            waiting = {ending, stopping}
            while not ending.done():
                progress.show(await run.status())
                await asyncio.wait(
                    waiting,
                    timeout=REFRESH_SECONDS,
                    return_when=asyncio.FIRST_COMPLETED,
                )
                if stopping.done() and stopping in waiting:
                    waiting.remove(stopping)
                    await run.stop()
            progress.show(await run.status())
            return await ending
        finally:
            ending.cancel()
            stopping.cancel()
            progress.close()
