"""What stands in the way of trusting a posterior, one sentence each."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from exmc.posterior.summary import SummaryRow

MAX_RHAT: Final = 1.01
"""Vehtari et al. 2021, sec. 4: chains that agree stay below it."""

MOST_CUT_SHORT: Final = 0.05
"""Share of paths at max_treedepth that is worth a word: it costs time, not truth."""

MIN_ESS: Final = 100
"""A chain; the same section: below it R-hat and the errors are noise themselves."""


def about_the_run(
    lengths: Sequence[int],
    asked: int,
    divergences: int,
    reason: str | None,
    cut_short: int = 0,
) -> Iterator[str]:
    """Give the sentences that need no table.

    Args:
        lengths: Draws that each chain has.
        asked: Draws asked of each.
        divergences: Draws whose path diverged.
        reason: Why the run is partial, or None.
        cut_short: Draws whose path was still going on at max_treedepth.
    """
    if reason is not None or any(length < asked for length in lengths):
        why = f" ({reason.rstrip('.')})" if reason else ""
        yield (
            f"Partial run{why}: the chains have {', '.join(map(str, lengths))} of "
            f"{asked} draws; the table uses the first {min(lengths)} of each."
        )
    if divergences:
        yield (
            f"{divergences} of {sum(lengths)} transitions diverged, so the posterior "
            f"may be wrong where they did: raise target_accept, or sample the "
            f"variables of a narrow neck non-centred."
        )
    if cut_short > MOST_CUT_SHORT * sum(lengths):
        yield (
            f"{cut_short} of {sum(lengths)} paths were cut short at max_treedepth: the "
            f"scales of the posterior differ too much for the steps, or it has no "
            f"finite mass (a Flat that no data speak of); rescale, or give a prior."
        )


def about_the_rows(
    rows: Sequence[SummaryRow], chains: int, draws: int
) -> Iterator[str]:
    """Give the sentences about what the table shows: infinite draws, R-hat, ESS."""
    infinite = [r.label for r in rows if not isfinite(r.mean)]
    if infinite and chains * draws > 1:
        yield (
            f"Draws of {_named(infinite)} are not all finite: look for an overflow "
            f"or a division by zero in the model."
        )
    apart = sorted((r for r in rows if r.r_hat > MAX_RHAT), key=lambda r: -r.r_hat)
    if apart:
        yield (
            f"The chains do not agree: r_hat is {apart[0].r_hat:.3f} at worst, above "
            f"{MAX_RHAT}, in {_named([r.label for r in apart])}; draw longer, or "
            f"write the model differently."
        )
    few = sorted((r for r in rows if _ess(r) < MIN_ESS * chains), key=_ess)
    if few:
        yield (
            f"The effective sample size is {_ess(few[0]):.0f} at worst, below "
            f"{MIN_ESS} a chain, in {_named([r.label for r in few])}; draw longer."
        )


def _ess(row: SummaryRow) -> float:
    return min(row.ess_bulk, row.ess_tail)


def _named(labels: Sequence[str]) -> str:
    shown = ", ".join(labels[:3])
    return shown if len(labels) <= 3 else f"{shown} and {len(labels) - 3} more"
