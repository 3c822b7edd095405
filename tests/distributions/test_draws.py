"""Draws against their own densities, at a stated false-alarm rate.

Each test errs once in a million seeds, and each has a twin: a bias of a tenth of
the distance between the quartiles, or of a tenth of the probability, is caught.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from scipy import stats

from exmc.distributions import Beta, Flat, Gamma, HalfFlat, Normal, StudentT
from exmc.errors import ModelError
from exmc.numerics.random import DRAW, Stream
from tests.distributions.families import CONTINUOUS, DISCRETE, PROPER, Row, name_of

if TYPE_CHECKING:
    from exmc.typing import Array

FALSE_ALARM = 1e-6
SIZE = 20_000


def a_stream(consumed: int = 0) -> Stream:
    return Stream.keyed(7, 0, DRAW, consumed)


def p_value_of_values(draws: Array, theirs: Any) -> float:
    """Kolmogorov and Smirnov's test."""
    with np.errstate(all="ignore"):
        return float(stats.kstest(draws, theirs.cdf).pvalue)


def p_value_of_counts(draws: Array, theirs: Any) -> float:
    """Pearson's chi-square over the values expected at least 20 times, and the rest."""
    values, seen = np.unique(draws, return_counts=True)
    expected = SIZE * theirs.pmf(values)
    common = expected >= 20.0
    counts = np.append(seen[common], SIZE - seen[common].sum())
    means = np.append(expected[common], SIZE - expected[common].sum())
    if means[-1] < 20.0:
        counts, means = counts[:-1], means[:-1] + means[-1] / common.sum()
    statistic = ((counts - means) ** 2 / means).sum()
    return float(stats.chi2.sf(statistic, max(len(means) - 1, 1)))


@pytest.mark.statistical
@pytest.mark.parametrize("row", CONTINUOUS, ids=name_of)
def test_draws_follow_the_density(row: Row) -> None:
    draws = row.ours.draw(a_stream(), (SIZE,))
    assert p_value_of_values(draws, row.theirs) > FALSE_ALARM


@pytest.mark.statistical
@pytest.mark.parametrize("row", CONTINUOUS, ids=name_of)
def test_a_shift_by_a_tenth_of_the_quartiles_would_be_caught(row: Row) -> None:
    width = row.theirs.ppf(0.75) - row.theirs.ppf(0.25)
    draws = row.ours.draw(a_stream(), (SIZE,)) + 0.1 * width
    assert p_value_of_values(draws, row.theirs) < FALSE_ALARM


@pytest.mark.statistical
@pytest.mark.parametrize("row", DISCRETE, ids=name_of)
def test_counts_follow_the_probability(row: Row) -> None:
    draws = row.ours.draw(a_stream(), (SIZE,))
    assert p_value_of_counts(draws, row.theirs) > FALSE_ALARM


@pytest.mark.statistical
@pytest.mark.parametrize("row", DISCRETE, ids=name_of)
def test_a_tenth_of_the_draws_gone_to_the_median_would_be_caught(row: Row) -> None:
    draws = row.ours.draw(a_stream(), (SIZE,))
    draws[::10] = row.theirs.ppf(0.5)
    assert p_value_of_counts(draws, row.theirs) < FALSE_ALARM


@pytest.mark.parametrize("row", PROPER, ids=name_of)
def test_draws_lie_in_the_support(row: Row) -> None:
    draws = row.ours.draw(a_stream(), (5, 40))
    assert draws.shape == (5, 40)
    assert draws.dtype == np.float64
    support = row.ours.support.resolve(row.ours.values())
    assert np.all(support.contains(draws))


@pytest.mark.parametrize("row", PROPER, ids=name_of)
def test_the_count_of_words_alone_gives_the_same_draws_again(row: Row) -> None:
    stream = a_stream()
    row.ours.draw(stream, (3,))
    resumed = a_stream(consumed=stream.consumed)
    np.testing.assert_array_equal(
        row.ours.draw(stream, (4,)), row.ours.draw(resumed, (4,))
    )


def test_the_shape_is_that_of_the_parameters_unless_a_larger_one_is_asked() -> None:
    family = Normal(np.array([0.0, 100.0]), 1.0)
    assert family.draw(a_stream()).shape == (2,)
    draws = family.draw(a_stream(), (50, 2))
    assert draws.shape == (50, 2)
    np.testing.assert_allclose(draws.mean(axis=0), [0.0, 100.0], atol=1.0)


def test_each_entry_gets_numbers_of_its_own() -> None:
    draws = Normal(np.zeros(3), 1.0).draw(a_stream(), (2, 3))
    assert len(np.unique(draws)) == 6


@pytest.mark.parametrize("family", [Flat(), HalfFlat()])
def test_an_improper_family_refuses_to_draw(family: Flat | HalfFlat) -> None:
    name = type(family).__name__
    with pytest.raises(ModelError, match=f"^{name} has no draws: it is improper; give"):
        family.draw(a_stream())


def test_a_tiny_shape_gives_draws_strictly_inside_the_support() -> None:
    shares = Beta(1e-3, 1e-3).draw(a_stream(), (1000,))
    assert np.all((shares > 0.0) & (shares < 1.0))
    assert 0.4 < np.mean(shares > 0.5) < 0.6


def test_few_degrees_of_freedom_give_finite_draws() -> None:
    assert np.all(np.isfinite(StudentT(0.05).draw(a_stream(), (1000,))))


@pytest.mark.parametrize("alpha", [np.nan, -1.0, 0.0, np.inf])
def test_an_impossible_shape_gives_nan_and_does_not_hang(alpha: float) -> None:
    draws = Gamma(np.array([alpha, 2.0]), 1.0).draw(a_stream())
    assert np.isnan(draws[0])
    assert np.isfinite(draws[1])
