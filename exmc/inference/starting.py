"""`exmc.start`: a run on the event loop of the caller."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, NoReturn

from exmc.actors import Runtime, StartError, start_child
from exmc.errors import OptionError, SamplingError
from exmc.inference.assignment import Assignment, ModelText
from exmc.inference.chain_plan import ChainPlan, naming
from exmc.inference.local_run import LocalRun
from exmc.inference.run_facts import RunFacts
from exmc.inference.run_names import RunNames
from exmc.inference.run_tree import root_child, run_child
from exmc.inference.shared_arrays import shared
from exmc.inference.versions import versions_of
from exmc.ir import digest, to_parts
from exmc.model import Model
from exmc.native import available
from exmc.posterior import DrawLog
from exmc.run import RunSpec
from exmc.sampler.native_engine import compiled

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType

    from exmc.actors.port.descriptor import Descriptor
    from exmc.gradient.speed import Backend
    from exmc.inference.assignment import Work
    from exmc.run.run_spec import NonCentered, WarmUp
    from exmc.typing import Array


def start(  # noqa: PLR0913 - the options of a run
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
) -> Starting:
    """Start chains that draw from the model's posterior.

    ```
    async with exmc.start(model, chains=4, seed=1) as run:
        async for batch in run.batches():
            ...
        posterior = await run.result()
    ```

    Leaving the block ends what is still running.

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

    Raises:
        OptionError: An option is out of range.
        ModelError: The model is not well formed.
        MissingExtraError: backend="native" without llvmlite.
    """
    spec = RunSpec(
        draws=draws,
        tune=tune,
        chains=chains,
        seed=secrets.randbits(63) if seed is None else seed,
        target_accept=target_accept,
        max_treedepth=max_treedepth,
        warmup=warmup,
        noncentered=noncentered,
        backend=backend,
        hot_upgrade=hot_upgrade,
    )
    return Starting(model, spec)


class Starting:
    """A run that begins when its block is entered.

    Args:
        model: What to sample.
        spec: How.
    """

    def __init__(self, model: Model, spec: RunSpec) -> None:
        if not isinstance(model, Model):
            raise OptionError(
                f"model must be an exmc.Model, got {model!r}; for a bare log-density "
                f"use exmc.sample_logp(logp, init)."
            )
        self._spec = spec
        self._graph = model.graph
        self._compiled = model.compile(
            noncentered=spec.noncentered, backend=first_backend(spec)
        )
        self._data: Descriptor | None = None
        self._runtime = Runtime()

    if not TYPE_CHECKING:  # a type checker knows it already

        def __getattr__(self, name: str) -> NoReturn:
            raise AttributeError(
                f"A run that has not begun has no {name!r}; write "
                f"`async with exmc.start(...) as run:` and ask `run`."
            )

    async def __aenter__(self) -> LocalRun:
        await self._runtime.__aenter__()
        try:
            return await self._begin()
        except BaseException as error:
            await self._runtime.__aexit__(type(error), error, error.__traceback__)
            raise

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._runtime.__aexit__(kind, error, trace)
        if self._data is not None:
            self._data.close()

    async def _begin(self) -> LocalRun:
        names = RunNames(f"run-{secrets.token_hex(6)}")
        build = self._compiled.build
        log = DrawLog(self._compiled.schema, self._spec.chains)
        facts = RunFacts(
            names=names,
            spec=self._spec,
            log=log,
            model_digest=digest(self._graph),
            noncentered=self._compiled.noncentered,
            backend=build.backend,
            backend_reason=build.reason,
            versions=versions_of("native" if self._upgrades else build.backend),
            clock=self._runtime.clock,
            started=self._runtime.clock.now(),
        )
        try:
            root = await self._runtime.start_child(root_child())
            strict = build.executable if self._upgrades else None
            await start_child(root, run_child(names, log, self._plans(), strict))
        except StartError as error:
            raise SamplingError(
                f"The run could not be started: {cause(error.reason)}."
            ) from error
        return LocalRun(facts, self._runtime)

    @property
    def _upgrades(self) -> bool:
        return self._spec.hot_upgrade and self._compiled.build.backend == "strict"

    def _plans(self) -> list[ChainPlan]:
        work, arrays = self._work()
        self._data = shared(arrays)
        model = self._compiled
        initial = model.initial_point()
        explained = naming(model)
        kernels = compiled() if model.backend == "native" else b""
        return [
            ChainPlan(
                Assignment(
                    spec=self._spec,
                    chain=chain,
                    epoch=0,
                    work=work,
                    kernels=kernels,
                    dim=model.dim,
                    width=model.width,
                    initial=None if initial is None else initial.tolist(),
                ),
                self._data,
                explained,
                self._upgrades,
            )
            for chain in range(self._spec.chains)
        ]

    def _work(self) -> tuple[Work, Mapping[str, Array]]:
        build = self._compiled.build
        if build.executable is not None:
            return build.executable, build.data
        text, arrays = to_parts(self._graph)
        return ModelText(text), arrays


def first_backend(spec: RunSpec) -> Backend:
    """Return the backend that a run begins with."""
    return "strict" if spec.hot_upgrade and available() else spec.backend


def cause(reason: object) -> object:
    """What made the innermost process fail: each supervisor around it adds a layer."""
    while isinstance(reason, tuple) and reason:
        reason = reason[-1]
    return reason
