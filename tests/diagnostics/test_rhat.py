"""R-hat against ArviZ, and what it must notice."""

from __future__ import annotations

import numpy as np
import pytest
from arviz_stats.base import array_stats

from exmc.diagnostics import rhat
from exmc.diagnostics.chains import rank_normalised, split
from exmc.diagnostics.rhat import _potential_scale_reduction
from tests.diagnostics.cases import CASES, WHITE


@pytest.mark.parametrize("case", CASES)
def test_it_is_arviz_to_eight_decimals(case: str) -> None:
    with np.errstate(all="ignore"):
        theirs = array_stats.rhat(CASES[case], method="rank")
    np.testing.assert_allclose(rhat(CASES[case]), theirs, rtol=1e-8)


@pytest.mark.parametrize(
    "case", ["one chain elsewhere", "one chain wider", "drifting", "barely moving"]
)
def test_chains_that_disagree_are_noticed(case: str) -> None:
    assert rhat(CASES[case]) > 1.01


def test_chains_that_agree_are_not_accused() -> None:
    assert rhat(WHITE) < 1.005


def test_without_folding_a_wider_chain_would_pass() -> None:
    place_only = _potential_scale_reduction(
        rank_normalised(split(CASES["one chain wider"]))
    )
    assert place_only < 1.01


def test_without_splitting_a_drift_would_pass() -> None:
    assert _potential_scale_reduction(rank_normalised(CASES["drifting"])) < 1.01


def test_chains_that_stand_still_apart_are_far_apart() -> None:
    assert rhat(CASES["constant chains that differ"]) > 1e6
