"""How far a run has come, as data."""

from __future__ import annotations

from enum import Enum

import msgspec


class RunState(Enum):
    """Where a run stands; the last three are its end."""

    STARTING = "starting"
    RUNNING = "running"
    FINISHED = "finished"
    STOPPED = "stopped"
    FAILED = "failed"

    @property
    def ended(self) -> bool:
        """Whether no further draw will come."""
        return self in (RunState.FINISHED, RunState.STOPPED, RunState.FAILED)


class ChainPhase(Enum):
    """What a chain is doing."""

    STARTING = "starting"
    TUNE = "tune"
    DRAW = "draw"
    DONE = "done"
    FAILED = "failed"


class ChainStatus(msgspec.Struct, frozen=True, kw_only=True):
    """One chain.

    Attributes:
        phase: What it is doing.
        tuned: Warm-up transitions made.
        draws: Draws made.
        draws_per_second: Transitions a second since the chain started.
        divergences: Divergent transitions among the draws.
        step_size: Of the last transition, in whitened coordinates; None before it.
        tree_depth: Mean over the draws (over warm-up before the first draw).
        acceptance_rate: Mean over the same transitions.
        n_steps: Leapfrog steps so far, warm-up included.
        os_pid: The worker's operating-system pid; None while there is none.
        restarts: How often its worker was replaced.
        last_error: Why its last worker ended, if it was not in order.
    """

    phase: ChainPhase = ChainPhase.STARTING
    tuned: int = 0
    draws: int = 0
    draws_per_second: float = 0.0
    divergences: int = 0
    step_size: float | None = None
    tree_depth: float | None = None
    acceptance_rate: float | None = None
    n_steps: int = 0
    os_pid: int | None = None
    restarts: int = 0
    last_error: str | None = None


class Status(msgspec.Struct, frozen=True, kw_only=True):
    """A whole run.

    Attributes:
        id: The run's name.
        state: Where it stands.
        model_digest: SHA-256 of the model, hexadecimal.
        backend: How gradients are computed now.
        backend_reason: Why not faster, when a faster way was wanted; else None.
        tune: Warm-up transitions asked of each chain.
        draws: Draws asked of each chain.
        chains: One entry a chain, in order.
        adaptation: What each chain adapted (step size, metric), in order; None
            while it is still adapting.
        noncentered: The variables that are sampled standardised.
        elapsed: Seconds since the start.
        eta: Seconds to the end at the present pace; None while there is no pace.
        error: Why the run failed, if it did.
    """

    id: str
    state: RunState
    model_digest: str
    backend: str
    tune: int
    draws: int
    chains: tuple[ChainStatus, ...]
    adaptation: tuple[dict[str, object] | None, ...]
    noncentered: tuple[str, ...] = ()
    backend_reason: str | None = None
    elapsed: float = 0.0
    eta: float | None = None
    error: str | None = None
