"""Effective sample size against ArviZ and against truth."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from arviz_stats.base import array_stats

from exmc.diagnostics import ess
from exmc.errors import OptionError
from tests.diagnostics.cases import CASES, WHITE, ar1

if TYPE_CHECKING:
    from exmc.diagnostics import Estimand
    from exmc.typing import Matrix

KINDS: dict[str, tuple[Estimand, dict[str, Any]]] = {
    "bulk": ("bulk", {"method": "bulk"}),
    "tail": ("tail", {"method": "tail", "prob": (0.05, 0.95)}),
    "mean": ("mean", {"method": "mean"}),
    "sd": ("sd", {"method": "sd"}),
    "median": (("quantile", 0.5), {"method": "median"}),
    "upper decile": (("quantile", 0.9), {"method": "quantile", "prob": 0.9}),
}


def arviz_ess(draws: Matrix, **how: Any) -> Any:
    with np.errstate(all="ignore"):
        return array_stats.ess(draws, **how)


# ArviZ takes draws whose squares differ by less than 1e-15 for a constant.
COMPARED = sorted({(c, k) for c in CASES for k in KINDS} - {("tiny scale", "sd")})


@pytest.mark.parametrize(("case", "kind"), COMPARED)
def test_it_is_arviz_to_eight_decimals(case: str, kind: str) -> None:
    ours, theirs = KINDS[kind]
    np.testing.assert_allclose(
        ess(CASES[case], ours), arviz_ess(CASES[case], **theirs), rtol=1e-8
    )


@pytest.mark.parametrize("case", ["correlated", "one chain elsewhere", "drifting"])
def test_the_comparison_would_catch_an_ess_that_averages_over_chains(case: str) -> None:
    chains = CASES[case]
    apart = sum(ess(chain[None], "mean") for chain in chains)
    with pytest.raises(AssertionError):
        np.testing.assert_allclose(apart, arviz_ess(chains, method="mean"), rtol=1e-4)


@pytest.mark.statistical
@pytest.mark.parametrize("correlation", [0.0, 0.5, 0.8, -0.5])
def test_it_is_the_truth_of_an_autoregressive_chain(correlation: float) -> None:
    """Mean of 8 estimates that scatter by 4 to 9 % each: 15 % is 5 of its errors."""
    seeds = range(8)
    sizes = [ess(ar1(correlation, (4, 2000), 100 + s), "mean") for s in seeds]
    truth = 8000 * (1 - correlation) / (1 + correlation)
    assert np.mean(sizes) == pytest.approx(truth, rel=0.15)


@pytest.mark.statistical
def test_taking_a_chain_for_white_noise_would_be_caught() -> None:
    truth = 8000 * (1 - 0.5) / (1 + 0.5)
    assert ess(ar1(0.0, (4, 2000), 100), "mean") != pytest.approx(truth, rel=0.15)


@pytest.mark.parametrize("scale", [1e-100, 1e-20, 1e20, 1e100])
def test_the_unit_of_the_draws_does_not_matter(scale: float) -> None:
    assert ess(WHITE * scale, "mean") == pytest.approx(ess(WHITE, "mean"), rel=1e-6)


def test_the_unit_does_not_matter_for_the_sd_either() -> None:
    assert ess(WHITE * 1e-20, "sd") == pytest.approx(ess(WHITE, "sd"), rel=1e-6)


def test_an_infinite_draw_makes_the_ess_of_the_mean_nan() -> None:
    assert np.isnan(ess(CASES["one infinity"], "mean"))


def test_draws_that_are_all_the_same_count_in_full() -> None:
    assert ess(np.full((4, 100), 0.1), "sd") == 400


def test_an_antithetic_chain_is_held_at_its_limit() -> None:
    assert ess(ar1(-0.99, (4, 1000), 1), "mean") == pytest.approx(4000 * np.log10(4000))


@pytest.mark.parametrize("kind", ["median", ("quantile", 1.5), ("decile", 0.1), None])
def test_an_unknown_kind_lists_the_known_ones(kind: Any) -> None:
    with pytest.raises(OptionError, match=r"^Kind must be 'bulk', 'tail', 'mean', 'sd"):
        ess(WHITE, kind)
