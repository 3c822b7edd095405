"""What stays the same throughout a run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from exmc.actors import Clock
    from exmc.inference.run_names import RunNames
    from exmc.posterior import DrawLog
    from exmc.run import RunSpec


@dataclass(frozen=True, slots=True)
class RunFacts:
    """What stays the same throughout a run.

    Attributes:
        names: Where its processes are registered.
        spec: What was asked.
        log: Its draws; written by the stream coordinator only.
        model_digest: SHA-256 of the model.
        noncentered: The variables that are sampled standardised.
        backend: How gradients are computed.
        backend_reason: Why not faster, when a faster way was wanted; else None.
        versions: Of everything that could change a bit of the draws.
        clock: The runtime's clock.
        started: When it began, on that clock.
    """

    names: RunNames
    spec: RunSpec
    log: DrawLog
    model_digest: str
    noncentered: tuple[str, ...]
    backend: str
    backend_reason: str | None
    versions: dict[str, str]
    clock: Clock
    started: float
