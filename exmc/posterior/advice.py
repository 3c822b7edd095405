"""What stands in the way of trusting a posterior, one sentence each."""

from __future__ import annotations

from math import ceil, floor, isfinite, log10
from typing import TYPE_CHECKING, Any, Final

from exmc.posterior.table import r_hat_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from exmc.posterior.summary import SummaryRow

MAX_RHAT: Final = 1.01
"""Vehtari et al. 2021, sec. 4: chains that agree stay below it."""

MOST_CUT_SHORT: Final = 0.05
"""Share of paths at max_treedepth that is worth a word: it costs time, not truth."""

MIN_ESS: Final = 100
"""A chain; the same section: below it R-hat and the errors are noise themselves."""


def about_the_run(
    lengths: Sequence[int], asked: int, reason: str | None
) -> Iterator[str]:
    """Give the sentence about draws that are missing.

    Args:
        lengths: Draws that each chain has.
        asked: Draws asked of each.
        reason: Why the run is partial, or None.
    """
    if reason is not None or any(length < asked for length in lengths):
        why = f" ({reason.rstrip('.')})" if reason else ""
        yield (
            f"Partial run{why}: the chains have {', '.join(map(str, lengths))} of "
            f"{asked} draws; the table uses the first {min(lengths)} of each."
        )


def about_the_paths(
    paths: int, divergences: int, cut_short: int, options: Mapping[str, Any]
) -> Iterator[str]:
    """Give the sentences about what became of the paths.

    Args:
        paths: Transitions after warm-up, all chains together.
        divergences: Those that diverged.
        cut_short: Those that were still going on at max_treedepth.
        options: Of the run: what has been tried already is not advised.
    """
    if divergences:
        yield (
            f"{divergences} of {paths} transitions diverged, so the posterior may be "
            f"wrong where they did: {_against_divergences(options)}."
        )
    if cut_short > MOST_CUT_SHORT * paths:
        yield (
            f"{cut_short} of {paths} paths were cut short at max_treedepth: the "
            f"scales of the posterior differ too much for the steps, or it has no "
            f"finite mass (a Flat that no data speak of); rescale, or give a prior."
        )


def about_the_rows(
    rows: Sequence[SummaryRow], chains: int, draws: int
) -> Iterator[str]:
    """Give the sentences about what the table shows: infinite draws, R-hat, ESS."""
    if chains == 1 and draws > 1 and rows:
        yield (
            "There is one chain, so r_hat is nan: it takes two or more to see whether "
            "they agree; run more chains."
        )
    infinite = [r.label for r in rows if not isfinite(r.mean)]
    if infinite and chains * draws > 1:
        yield (
            f"Draws of {_named(infinite)} are not all finite: look for an overflow "
            f"or a division by zero in the model."
        )
    apart = sorted((r for r in rows if r.r_hat > MAX_RHAT), key=lambda r: -r.r_hat)
    if apart:
        yield (
            f"The chains do not agree: r_hat is {_above_limit(apart[0].r_hat)} at "
            f"worst, above {MAX_RHAT}, in {_named([r.label for r in apart])}; draw "
            f"longer, or write the model differently."
        )
    few = sorted((r for r in rows if _ess(r) < MIN_ESS * chains), key=_ess)
    if few:
        yield (
            f"The effective sample size is {floor(_ess(few[0]))} at worst, below "
            f"{MIN_ESS * chains} ({MIN_ESS} a chain), in "
            f"{_named([r.label for r in few])}; draw longer."
        )


def _against_divergences(options: Mapping[str, Any]) -> str:
    now = options.get("target_accept")
    remedy = (
        "raise target_accept" if now is None else f"raise target_accept (now {now})"
    )
    if options.get("noncentered"):
        return remedy
    return f"{remedy}, or sample the variables of a narrow neck non-centred"


def _above_limit(value: float) -> str:
    """Return an R-hat above the limit with as many digits as show that it is."""
    return r_hat_text(value, max(3, ceil(-log10(min(1.0, value - MAX_RHAT)))))


def _ess(row: SummaryRow) -> float:
    return min(row.ess_bulk, row.ess_tail)


def _named(labels: Sequence[str]) -> str:
    shown = ", ".join(labels[:3])
    return shown if len(labels) <= 3 else f"{shown} and {len(labels) - 3} more"
