"""A run in this process: the `Run` interface over its supervision tree."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from exmc.actors import CallError, NoRuntimeError
from exmc.errors import OptionError, SamplingError
from exmc.inference import run_monitor, stream_coordinator
from exmc.inference.adaptation_coordinator import adaptations
from exmc.inference.cursor import Cursor
from exmc.inference.status_of import status_of
from exmc.posterior import Posterior, RunMeta
from exmc.run import RunState

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Coroutine, Sequence

    from exmc.actors import Runtime
    from exmc.inference.assignment import Adapted
    from exmc.inference.run_facts import RunFacts
    from exmc.inference.run_monitor import RunRecord
    from exmc.run import Batch, Status

T = TypeVar("T")


class LocalRun:
    """Chains that draw in worker processes of this one."""

    def __init__(self, facts: RunFacts, runtime: Runtime) -> None:
        self._facts = facts
        self._runtime = runtime
        self._ended_at: float | None = None

    @property
    def id(self) -> str:
        """The run's name."""
        return self._facts.names.run

    async def batches(
        self, *, from_draw: int = 0, warmup: bool = False
    ) -> AsyncIterator[Batch]:
        """Every draw of every chain exactly once, in order within a chain.

        Args:
            from_draw: The first draw of each chain that is wanted.
            warmup: Also give the warm-up transitions.

        Raises:
            OptionError: `from_draw` is negative.
        """
        if from_draw < 0:
            raise OptionError(f"from_draw must be at least 0, got {from_draw}.")
        cursor = Cursor(self._facts.spec.chains, from_draw=from_draw, warmup=warmup)
        stream = self._facts.names.stream
        while True:
            batch = await self._asked(stream_coordinator.next_batch(stream, cursor))
            if batch is None:
                return
            yield batch

    async def status(self) -> Status:
        """How far the run has come."""
        names = self._facts.names
        record = await self._asked(run_monitor.record(names.monitor))
        tallies = await self._asked(stream_coordinator.tallies(names.stream))
        adapted = await self._asked(adaptations(names.adaptation))
        now = self._facts.clock.now()
        if record.state.ended and self._ended_at is None:
            self._ended_at = now
        elapsed = (self._ended_at or now) - self._facts.started
        return status_of(self._facts, record, tallies, adapted, elapsed)

    async def stop(self) -> None:
        """End the run after the transitions under way; keep its draws."""
        await self._asked(run_monitor.stop_run(self._facts.names.monitor))

    async def result(self) -> Posterior:
        """Wait for the end and return the posterior.

        Raises:
            SamplingError: The run failed; its `posterior` has the draws so far.
        """
        monitor = self._facts.names.monitor
        record = await self._asked(run_monitor.wait_for_end(monitor))
        posterior = await self._posterior(record)
        if record.error is not None:
            record.error.posterior = posterior
            raise record.error
        return posterior

    async def posterior_so_far(self) -> Posterior:
        """Return the draws made until now, marked partial unless all are there."""
        monitor = self._facts.names.monitor
        return await self._posterior(await self._asked(run_monitor.record(monitor)))

    async def digest(self) -> str:
        """Return the SHA-256 of all records so far: equal digests, equal draws."""
        await self._settle()
        return self._facts.log.digest()

    async def _posterior(self, record: RunRecord) -> Posterior:
        await self._settle()
        adapted = await self._asked(adaptations(self._facts.names.adaptation))
        return self._posterior_of(adapted, _why_partial(record))

    def _posterior_of(
        self, adapted: Sequence[Adapted | None], reason: str | None
    ) -> Posterior:
        spec = self._facts.spec
        meta = RunMeta(
            model_digest=self._facts.model_digest,
            seed=spec.seed,
            tune=spec.tune,
            draws=spec.draws,
            options={
                "target_accept": spec.target_accept,
                "max_treedepth": spec.max_treedepth,
                "warmup": spec.warmup,
                "noncentered": list(self._facts.noncentered),
                "backend": self._facts.backend,
            },
            versions=self._facts.versions,
            adaptation=tuple(
                {}
                if a is None
                else {"step_size": a.step_size, "scale": a.scale, "mean": a.mean}
                for a in adapted
            ),
            partial=reason is not None,
            reason=reason,
        )
        return Posterior.from_log(self._facts.log, meta)

    async def _settle(self) -> None:
        # An answer means that everything the chains sent before is in the log.
        await self._asked(stream_coordinator.tallies(self._facts.names.stream))

    async def _asked(self, question: Coroutine[Any, Any, T]) -> T:
        """Ask as the run's own root: the caller may be any task of the loop."""
        try:
            with self._runtime.entered():
                return await question
        except NoRuntimeError as error:
            question.close()
            raise SamplingError(
                "The run has ended with its `async with` block; ask inside the block."
            ) from error
        except CallError as error:
            # Nobody is left to say what the chains adapted; the draws are in the log.
            broken = SamplingError(
                f"The run's own supervision ended: {error} "
                f"The draws so far are in error.posterior."
            )
            nothing = (None,) * self._facts.spec.chains
            broken.posterior = self._posterior_of(nothing, str(broken))
            raise broken from error


def _why_partial(record: RunRecord) -> str | None:
    if record.state is RunState.FINISHED:
        return None
    if record.state is RunState.STOPPED:
        return "stopped before its end"
    if record.state is RunState.FAILED:
        return str(record.error)
    return "still running"
