"""Sentences that stand under the table."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from exmc.posterior.advice import about_the_paths, about_the_rows, about_the_run
from exmc.posterior.summary import SummaryRow

GOOD = SummaryRow("mu", 0.0, 1.0, 0.01, 0.01, -1.6, 0.0, 1.6, 3000.0, 2500.0, 1.001)


def judged(*rows: SummaryRow, chains: int = 4, draws: int = 1000) -> list[str]:
    return list(about_the_rows(rows, chains, draws))


def test_a_good_run_is_not_commented() -> None:
    assert list(about_the_run((1000, 1000), 1000, None)) == []
    assert list(about_the_paths(2000, 0, 0, {})) == []
    assert judged(GOOD) == []


@pytest.mark.parametrize(
    ("options", "advice"),
    [
        ({}, "raise target_accept, or sample the variables of a narrow neck non-cen"),
        (
            {"target_accept": 0.8, "noncentered": []},
            "raise target_accept (now 0.8), or sample the variables of a narrow neck ",
        ),
        (
            {"target_accept": 0.9, "noncentered": ["theta"]},
            "raise target_accept (now 0.9).",
        ),
    ],
)
def test_divergences_are_counted_and_what_was_done_is_not_advised(
    options: dict[str, Any], advice: str
) -> None:
    (sentence,) = about_the_paths(2000, 3, 0, options)
    assert sentence.startswith(
        "3 of 2000 transitions diverged, so the posterior may be wrong where they did: "
        + advice
    )


def test_paths_that_were_cut_short_are_counted_when_they_are_many() -> None:
    assert list(about_the_paths(2000, 0, 100, {})) == []
    (sentence,) = about_the_paths(2000, 0, 101, {})
    assert sentence.startswith("101 of 2000 paths were cut short at max_treedepth:")


def test_a_partial_run_states_reason_and_lengths() -> None:
    (sentence,) = about_the_run((10, 7), 1000, "stopped by its user.")
    assert sentence == (
        "Partial run (stopped by its user): the chains have 10, 7 of 1000 draws; "
        "the table uses the first 7 of each."
    )


def test_missing_draws_are_partial_without_a_reason() -> None:
    (sentence,) = about_the_run((10, 7), 10, None)
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
        "The effective sample size is 399 at worst, below 400 (100 a chain), in tau;"
    )


def test_an_ess_just_below_its_limit_is_not_shown_as_the_limit() -> None:
    (sentence,) = judged(replace(GOOD, ess_tail=399.9))
    assert sentence.startswith("The effective sample size is 399 at worst, below 400 ")


@pytest.mark.parametrize(
    ("r_hat", "shown"),
    [
        (1.0104, "1.0104"),
        (1.01001, "1.01001"),
        (1.02, "1.020"),
        (2.5, "2.500"),
        (7007069892978220.0, "7.007e+15"),
    ],
)
def test_an_r_hat_above_its_limit_is_shown_to_be(r_hat: float, shown: str) -> None:
    (sentence,) = judged(replace(GOOD, r_hat=r_hat))
    assert sentence.startswith(
        f"The chains do not agree: r_hat is {shown} at worst, above 1.01, in mu;"
    )


def test_one_chain_is_told_why_it_has_no_r_hat() -> None:
    (sentence,) = judged(replace(GOOD, r_hat=np.nan), chains=1)
    assert sentence == (
        "There is one chain, so r_hat is nan: it takes two or more to see whether they "
        "agree; run more chains."
    )
    assert judged(replace(GOOD, r_hat=np.nan), chains=1, draws=1) == []


def test_draws_that_are_not_finite_are_noticed() -> None:
    (sentence,) = judged(replace(GOOD, mean=np.nan, q50=np.nan, ess_bulk=np.nan))
    assert sentence.startswith("Draws of mu are not all finite: look for an overflow ")


def test_no_draws_are_no_overflow() -> None:
    assert judged(replace(GOOD, mean=np.nan), draws=0) == []


def test_what_cannot_be_computed_is_not_bad() -> None:
    assert judged(replace(GOOD, r_hat=np.nan)) == []
