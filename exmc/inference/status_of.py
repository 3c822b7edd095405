"""Puts what the coordinators know together into one status."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exmc.run import ChainPhase, ChainStatus, Status

if TYPE_CHECKING:
    from collections.abc import Sequence

    from exmc.inference.assignment import Adapted
    from exmc.inference.run_facts import RunFacts
    from exmc.inference.run_monitor import ChainRecord, RunRecord
    from exmc.inference.tally import Tally


def status_of(
    facts: RunFacts,
    record: RunRecord,
    tallies: Sequence[Tally],
    adapted: Sequence[Adapted | None],
    elapsed: float,
) -> Status:
    """Build the status; `elapsed` in seconds."""
    chains = tuple(
        _chain_status(chain, tally, elapsed)
        for chain, tally in zip(record.chains, tallies, strict=True)
    )
    return Status(
        id=facts.names.run,
        state=record.state,
        model_digest=facts.model_digest,
        backend="native" if all(c.upgraded for c in record.chains) else facts.backend,
        backend_reason=facts.backend_reason,
        tune=facts.spec.tune,
        draws=facts.spec.draws,
        chains=chains,
        adaptation=tuple(None if a is None else _published(a) for a in adapted),
        noncentered=facts.noncentered,
        elapsed=elapsed,
        eta=None
        if record.state.ended
        else eta(chains, facts.spec.tune + facts.spec.draws, elapsed),
        error=None if record.error is None else str(record.error),
    )


def eta(
    chains: Sequence[ChainStatus], transitions: int, elapsed: float
) -> float | None:
    """Seconds until the slowest chain is done at its pace; None without a pace.

    Args:
        chains: All chains.
        transitions: Asked of each, warm-up included.
        elapsed: Seconds since the start.
    """
    made = [chain.tuned + chain.draws for chain in chains]
    if not made or min(made) == 0:
        return None
    slowest = min(made)
    return elapsed * (transitions - slowest) / slowest


def _chain_status(chain: ChainRecord, tally: Tally, elapsed: float) -> ChainStatus:
    made = tally.tuned + tally.draws
    return ChainStatus(
        phase=_phase(chain, tally),
        tuned=tally.tuned,
        draws=tally.draws,
        draws_per_second=made / elapsed if elapsed > 0 else 0.0,
        divergences=tally.divergences,
        step_size=tally.step_size,
        tree_depth=tally.tree_depth,
        acceptance_rate=tally.acceptance_rate,
        n_steps=tally.n_steps,
        os_pid=chain.os_pid,
        restarts=chain.restarts,
        last_error=chain.last_error,
    )


def _phase(chain: ChainRecord, tally: Tally) -> ChainPhase:
    if chain.ended is not None:
        return chain.ended
    if tally.draws:
        return ChainPhase.DRAW
    return ChainPhase.TUNE if tally.tuned else ChainPhase.STARTING


def _published(adapted: Adapted) -> dict[str, object]:
    return {
        "step_size": adapted.step_size,
        "scale": adapted.scale,
        "mean": adapted.mean,
        "n_gradients": adapted.n_gradients,
    }
