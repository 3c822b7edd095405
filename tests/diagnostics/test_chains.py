"""Checking, splitting and ranking."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from exmc.diagnostics.chains import (
    as_chains,
    can_be_judged,
    folded,
    is_constant,
    rank_normalised,
    split,
)
from exmc.errors import OptionError
from tests.diagnostics.cases import CASES


def test_whole_numbers_become_floats() -> None:
    assert as_chains([[1, 2], [3, 4]]).dtype == np.float64


@pytest.mark.parametrize("shape", [(), (5,), (4, 5, 6)])
def test_another_number_of_axes_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(OptionError, match=r"^Draws must have shape \(chain, draw\), g"):
        as_chains(np.zeros(shape))


def test_four_draws_without_nan_can_be_judged() -> None:
    assert can_be_judged(CASES["4 draws"])
    assert not can_be_judged(CASES["3 draws"])
    assert not can_be_judged(CASES["one NaN"])
    assert not can_be_judged(CASES["single chain"], min_chains=2)


def test_one_draw_that_differs_is_not_constant() -> None:
    draws = np.full((2, 5), 1e-30)
    assert is_constant(draws)
    draws[1, 4] = 2e-30
    assert not is_constant(draws)


def test_the_middle_draw_belongs_to_no_half() -> None:
    np.testing.assert_array_equal(
        split(np.arange(10.0).reshape(2, 5)), [[0, 1], [5, 6], [3, 4], [8, 9]]
    )


@pytest.mark.parametrize("name", ["white noise", "whole numbers", "two values"])
def test_normal_scores_are_those_of_scipys_average_ranks(name: str) -> None:
    draws = CASES[name]
    ranks = stats.rankdata(draws, axis=None).reshape(draws.shape)
    expected = stats.norm.ppf((ranks - 3 / 8) / (draws.size + 1 / 4))
    np.testing.assert_allclose(rank_normalised(draws), expected, rtol=1e-13, atol=1e-15)


def test_folding_measures_from_the_pooled_median() -> None:
    np.testing.assert_array_equal(
        folded(np.array([[0.0, 1.0], [2.0, 9.0]])), [[1.5, 0.5], [0.5, 7.5]]
    )
