"""What one family does that the laws do not ask of all."""

from __future__ import annotations

import numpy as np
import pytest

from exmc.distributions import (
    Bernoulli,
    Beta,
    Binomial,
    Exponential,
    HalfCauchy,
    Normal,
    Poisson,
    StudentT,
    Uniform,
)
from exmc.errors import BadParameterError
from exmc.numerics.autodiff import value_and_grad, xp


def test_student_t_tends_to_the_normal() -> None:
    x = np.array([-3.0, 0.0, 1.0])
    np.testing.assert_allclose(
        StudentT(1e13, 1.0, 2.0).log_prob(x), Normal(1.0, 2.0).log_prob(x), atol=1e-11
    )


@pytest.mark.parametrize("family", [Bernoulli, lambda **odds: Binomial(5, **odds)])
def test_p_and_its_log_odds_give_the_same_probability(family: type[Bernoulli]) -> None:
    by_p, by_odds = family(p=0.2), family(logit_p=np.log(0.25))
    x = np.array([0.0, 1.0])
    np.testing.assert_allclose(by_p.log_prob(x), by_odds.log_prob(x), rtol=1e-14)


@pytest.mark.parametrize(
    ("given", "word"), [({}, "neither"), ({"p": 0.5, "logit_p": 0.0}, "both")]
)
@pytest.mark.parametrize("family", [Bernoulli, Binomial])
def test_exactly_one_of_p_and_its_log_odds_is_needed(
    family: type, given: dict[str, float], word: str
) -> None:
    name = family.__name__
    message = f"^{name} needs exactly one of p and logit_p, got {word}; pass a prob"
    with pytest.raises(BadParameterError, match=message):
        family(**({"n": 3} if family is Binomial else {}), **given)


def test_extreme_log_odds_keep_the_small_probability() -> None:
    assert Bernoulli(logit_p=-800.0).log_prob(1) == -800.0
    assert Bernoulli(logit_p=800.0).log_prob(1) == 0.0
    assert Binomial(3, logit_p=-800.0).log_prob(3) == -2400.0


def test_a_certain_outcome_has_probability_one() -> None:
    assert Bernoulli(0.0).log_prob(0) == 0.0
    assert Bernoulli(1.0).log_prob(0) == -np.inf
    all_four = Binomial(4, 1.0).log_prob([4, 3])
    np.testing.assert_allclose(all_four, [0.0, -np.inf], atol=1e-14)
    np.testing.assert_array_equal(Poisson(0.0).log_prob([0, 1]), [0.0, -np.inf])


def test_a_certain_outcome_leaves_a_finite_gradient() -> None:
    def of(p: np.ndarray) -> np.ndarray:
        total: np.ndarray = xp.sum(Binomial(4, p).log_prob(np.array([0.0])))
        return total

    assert value_and_grad(of)(np.array(0.0))[1] == -4.0


def test_a_bound_that_cuts_off_a_value_makes_it_impossible() -> None:
    def of(upper: np.ndarray) -> np.ndarray:
        total: np.ndarray = xp.sum(Uniform(0.0, upper).log_prob(np.array([0.5, 3.0])))
        return total

    assert value_and_grad(of)(np.array(2.0))[0] == -np.inf
    value, gradient = value_and_grad(of)(np.array(4.0))
    np.testing.assert_allclose(value, -2.0 * np.log(4.0))
    np.testing.assert_allclose(gradient, -0.5)


def test_log_prob_has_the_broadcast_shape() -> None:
    column, row = np.zeros((4, 1)), np.ones(3)
    assert Normal(column, row).log_prob(0.0).shape == (4, 3)
    assert Uniform(column, row).log_prob(0.5).shape == (4, 3)
    assert Binomial(5, row / 2.0).log_prob(column).shape == (4, 3)
    assert Exponential(row).log_prob(column).shape == (4, 3)


def test_integer_data_are_accepted() -> None:
    counts = np.array([0, 3, 5])
    expected = Poisson(2.0).log_prob(counts.astype(np.float64))
    np.testing.assert_array_equal(Poisson(2.0).log_prob(counts), expected)
    np.testing.assert_array_equal(
        Binomial(np.array([5, 5, 5]), 0.5).log_prob(counts),
        Binomial(5, 0.5).log_prob(counts),
    )
    assert Normal(0, 1).log_prob(1) == Normal().log_prob(1.0)


def test_a_plain_zero_scale_is_not_an_exception() -> None:
    assert not np.isfinite(Normal(0.0, 0.0).log_prob(1.0))
    assert not np.isfinite(HalfCauchy(0.0).log_prob(1.0))


def test_a_large_shape_does_not_cancel_in_beta() -> None:
    log_prob = Beta(1e10, 1.0).log_prob(1.0 - 2.0**-40)
    expected = np.log(1e10) + (1e10 - 1.0) * np.log1p(-(2.0**-40))
    np.testing.assert_allclose(log_prob, expected, rtol=1e-12)
