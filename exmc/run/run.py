"""The interface of a run; a local one and a remote one behave alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from exmc.posterior import Posterior
    from exmc.run.batch import Batch
    from exmc.run.status import Status


class Run(Protocol):
    """Chains that draw, and what may be asked of them while they do."""

    @property
    def id(self) -> str:
        """The run's name."""
        ...

    def batches(
        self, *, from_draw: int = 0, warmup: bool = False
    ) -> AsyncIterator[Batch]:
        """Every draw of every chain exactly once, in order within a chain.

        Args:
            from_draw: The first draw of each chain that is wanted.
            warmup: Also give the warm-up transitions (numbered from 0 on their
                own); `from_draw` does not apply to them.
        """
        ...

    async def status(self) -> Status:
        """How far the run has come."""
        ...

    async def stop(self) -> None:
        """End the run and keep its draws; the posterior is marked partial."""
        ...

    async def result(self) -> Posterior:
        """Wait for the end and return the posterior.

        Raises:
            SamplingError: The run failed; its `posterior` has the draws so far.
        """
        ...

    async def posterior_so_far(self) -> Posterior:
        """Return the draws made until now, marked partial unless all are there."""
        ...

    async def digest(self) -> str:
        """Return the SHA-256 of all records so far: equal digests, equal draws."""
        ...
