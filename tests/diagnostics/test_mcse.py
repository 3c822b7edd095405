"""Monte Carlo standard errors against ArviZ and against replication."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from arviz_stats.base import array_stats
from scipy import stats

from exmc.diagnostics import ess, mcse
from exmc.diagnostics.mcse import _ONE_SIGMA, _beta_quantiles
from exmc.errors import OptionError
from tests.diagnostics.cases import CASES, WHITE, ar1

if TYPE_CHECKING:
    from exmc.typing import Matrix


def arviz_mcse(draws: Matrix, **how: Any) -> Any:
    with np.errstate(all="ignore"):
        return array_stats.mcse(draws, **how)


@pytest.mark.parametrize("case", CASES)
def test_of_the_mean_it_is_arviz_to_eight_decimals(case: str) -> None:
    theirs = arviz_mcse(CASES[case], method="mean")
    np.testing.assert_allclose(mcse(CASES[case], "mean"), theirs, rtol=1e-8)


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("probability", [0.05, 0.5, 0.9])
def test_of_a_quantile_it_is_arviz_to_eight_decimals(
    case: str, probability: float
) -> None:
    theirs = arviz_mcse(CASES[case], method="quantile", prob=probability)
    ours = mcse(CASES[case], ("quantile", probability))
    np.testing.assert_allclose(ours, theirs, rtol=1e-8)


@pytest.mark.parametrize(
    "case", sorted(set(CASES) - {"constant", "one infinity", "tiny scale"})
)
def test_of_the_sd_it_is_the_delta_method_over_arvizs_ess(case: str) -> None:
    """ArviZ 0.8 divides by the ESS of the mean here, so only its ESS is used."""
    draws = CASES[case]
    if draws.shape[1] < 4 or np.isnan(draws).any():
        assert np.isnan(mcse(draws, "sd"))
        return
    size = array_stats.ess(draws, method="sd")
    kurtosis = stats.kurtosis(draws, axis=None, fisher=False)
    expected = draws.std() * np.sqrt((kurtosis - 1) / (4 * size))
    np.testing.assert_allclose(mcse(draws, "sd"), expected, rtol=1e-8)


@pytest.mark.statistical
@pytest.mark.parametrize("correlation", [0.0, 0.7, -0.4])
def test_estimates_scatter_as_much_as_it_says(correlation: float) -> None:
    """The scatter over 150 replications has a standard error of 6 %: 5 of them."""
    runs = [ar1(correlation, (4, 250), 1000 + seed) for seed in range(150)]
    for kind, estimate in (("mean", np.mean), ("sd", np.std)):
        scatter = np.std([estimate(run) for run in runs], ddof=1)
        stated = np.mean([mcse(run, kind) for run in runs])  # type: ignore[arg-type]
        assert scatter == pytest.approx(stated, rel=0.3)


@pytest.mark.statistical
def test_the_ess_of_the_mean_would_be_caught_in_the_error_of_the_sd() -> None:
    runs = [ar1(-0.4, (4, 250), 1000 + seed) for seed in range(150)]
    scatter = np.std([np.std(run) for run in runs], ddof=1)
    wrong = np.mean(
        [mcse(r, "sd") * np.sqrt(ess(r, "sd") / ess(r, "mean")) for r in runs]
    )
    assert scatter != pytest.approx(wrong, rel=0.3)


@pytest.mark.parametrize(
    ("a", "b"), [(1, 1), (1, 400), (2, 50), (200.5, 3800), (3, 2), (1e5, 1e3), (7, 1)]
)
def test_beta_quantiles_are_scipys(a: float, b: float) -> None:
    theirs = stats.beta(a, b)
    error = _beta_quantiles(a, b) - theirs.ppf(_ONE_SIGMA)
    np.testing.assert_allclose(error / theirs.std(), 0.0, atol=1e-6)


@pytest.mark.parametrize("kind", ["bulk", ("quantile", -0.5), None])
def test_an_unknown_kind_lists_the_known_ones(kind: Any) -> None:
    with pytest.raises(OptionError, match=r"^Kind must be 'mean', 'sd' or \('quantile"):
        mcse(WHITE, kind)
