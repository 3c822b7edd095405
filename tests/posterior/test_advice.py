"""Sentences that stand under the table."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from exmc.posterior.advice import about_the_rows, about_the_run
from exmc.posterior.summary import SummaryRow

GOOD = SummaryRow("mu", 0.0, 1.0, 0.01, 0.01, -1.6, 0.0, 1.6, 3000.0, 2500.0, 1.001)


def judged(*rows: SummaryRow, draws: int = 1000) -> list[str]:
    return list(about_the_rows(rows, chains=4, draws=draws))


def test_a_good_run_is_not_commented() -> None:
    assert list(about_the_run((1000, 1000), 1000, 0, None)) == []
    assert judged(GOOD) == []


def test_divergences_are_counted() -> None:
    (sentence,) = about_the_run((1000, 1000), 1000, 3, None)
    assert sentence.startswith("3 of 2000 transitions diverged, so the posterior may ")


def test_paths_that_were_cut_short_are_counted_when_they_are_many() -> None:
    assert list(about_the_run((1000, 1000), 1000, 0, None, cut_short=100)) == []
    (sentence,) = about_the_run((1000, 1000), 1000, 0, None, cut_short=101)
    assert sentence.startswith("101 of 2000 paths were cut short at max_treedepth:")


def test_a_partial_run_states_reason_and_lengths() -> None:
    (sentence,) = about_the_run((10, 7), 1000, 0, "stopped by its user.")
    assert sentence == (
        "Partial run (stopped by its user): the chains have 10, 7 of 1000 draws; "
        "the table uses the first 7 of each."
    )


def test_missing_draws_are_partial_without_a_reason() -> None:
    (sentence,) = about_the_run((10, 7), 10, 0, None)
    assert sentence.startswith("Partial run: the chains have 10, 7 of 10 draws;")


def test_the_worst_r_hat_comes_first() -> None:
    rows = [replace(GOOD, label=f"b[{i}]", r_hat=1.01 + i / 100) for i in range(6)]
    (sentence,) = judged(*rows)
    assert sentence.startswith(
        "The chains do not agree: r_hat is 1.060 at worst, above 1.01, in "
        "b[5], b[4], b[3] and 2 more;"
    )


def test_chains_that_stand_still_apart_are_noticed() -> None:
    (sentence,) = judged(replace(GOOD, r_hat=np.inf))
    assert "r_hat is inf at worst" in sentence


def test_an_r_hat_at_its_limit_passes() -> None:
    assert judged(replace(GOOD, r_hat=1.01)) == []


def test_a_small_ess_in_the_tail_is_noticed() -> None:
    (sentence,) = judged(GOOD, replace(GOOD, label="tau", ess_tail=399.0))
    assert sentence.startswith(
        "The effective sample size is 399 at worst, below 100 a chain, in tau;"
    )


def test_draws_that_are_not_finite_are_noticed() -> None:
    (sentence,) = judged(replace(GOOD, mean=np.nan, q50=np.nan, ess_bulk=np.nan))
    assert sentence.startswith("Draws of mu are not all finite: look for an overflow ")


def test_no_draws_are_no_overflow() -> None:
    assert judged(replace(GOOD, mean=np.nan), draws=0) == []


def test_what_cannot_be_computed_is_not_bad() -> None:
    assert judged(replace(GOOD, r_hat=np.nan)) == []
