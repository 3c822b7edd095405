from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy import stats

from exmc import model as face
from exmc.errors import BadParameterError
from exmc.ir.describe import describe
from exmc.model.alternatives import (
    beta_parameters,
    deviation,
    gamma_parameters,
    quantity,
    rate,
)


def test_a_precision_is_one_over_the_variance() -> None:
    assert deviation("Normal", None, 4.0) == 0.5
    assert deviation("Normal", 3.0, None) == 3.0
    assert deviation("Normal", None, None) == 1.0


def test_a_scale_is_one_over_the_rate() -> None:
    assert rate("Exponential", None, 4.0) == 0.25
    assert rate("Exponential", 3.0, None) == 3.0
    assert rate("Exponential", None, None) == 1.0


def test_the_gamma_has_the_mean_and_deviation_asked_for() -> None:
    alpha, beta = gamma_parameters(None, None, 3.0, 0.5)
    there = stats.gamma(alpha, scale=1 / beta)
    assert (there.mean(), there.std()) == pytest.approx((3.0, 0.5))
    assert gamma_parameters(2.0, 3.0, None, None) == (2.0, 3.0)


def test_the_beta_has_the_mean_and_deviation_asked_for() -> None:
    alpha, beta = beta_parameters(None, None, 0.3, 0.1, None)
    there = stats.beta(alpha, beta)
    assert (there.mean(), there.std()) == pytest.approx((0.3, 0.1))
    assert beta_parameters(2.0, 3.0, None, None, None) == (2.0, 3.0)


def test_the_beta_has_the_mean_and_size_asked_for() -> None:
    alpha, beta = beta_parameters(None, None, 0.25, None, 8.0)
    assert (alpha, beta) == (2.0, 6.0)


@pytest.mark.parametrize(
    ("asking", "message"),
    [
        (
            lambda: deviation("Normal", 1.0, 1.0),
            "Normal takes sigma or tau, got both; leave one of them out.",
        ),
        (
            lambda: rate("Exponential", 1.0, 1.0),
            "Exponential takes lam or scale, got both; leave one of them out.",
        ),
        (
            lambda: gamma_parameters(1.0, None, None, None),
            "Gamma needs alpha and beta, or mu and sigma; got alpha.",
        ),
        (
            lambda: gamma_parameters(None, None, None, None),
            "Gamma needs alpha and beta, or mu and sigma; got neither.",
        ),
        (
            lambda: beta_parameters(1.0, 2.0, 0.5, None, None),
            "Beta needs alpha and beta, or mu and nu; got alpha, beta, mu.",
        ),
        (
            lambda: beta_parameters(None, None, 0.5, 0.1, 2.0),
            "Beta takes sigma or nu, got both; leave one of them out.",
        ),
    ],
)
def test_too_many_or_too_few_are_refused(
    asking: Callable[[], Any], message: str
) -> None:
    with pytest.raises(BadParameterError) as caught:
        asking()
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("asking", "message"),
    [
        (
            lambda: deviation("Normal", None, [1.0, -4.0]),
            "Parameter tau of Normal is -4.0; it must be finite and greater than zero ",
        ),
        (
            lambda: deviation("StudentT", None, 0, "lam"),
            "Parameter lam of StudentT is 0.0; it must be finite and greater than zero",
        ),
        (
            lambda: rate("Exponential", None, np.nan),
            "Parameter scale of Exponential is nan; it must be finite and greater than",
        ),
        (
            lambda: gamma_parameters(None, None, -1.0, 1.0),
            "Parameter mu of Gamma is -1.0; it must be finite and greater than zero (",
        ),
        (
            lambda: gamma_parameters(None, None, 1.0, np.inf),
            "Parameter sigma of Gamma is inf; it must be finite and greater than zero",
        ),
        (
            lambda: beta_parameters(None, None, 1.5, 0.1, None),
            "Parameter mu of Beta is 1.5; it must be less than 1 (for a value that is",
        ),
        (
            lambda: beta_parameters(None, None, [0.5, 0.1], 0.4, None),
            "Parameter sigma of Beta is 0.4; it must be less than sqrt(mu (1 - mu)), ",
        ),
        (
            lambda: beta_parameters(None, None, 0.5, None, -1.0),
            "Parameter nu of Beta is -1.0; it must be finite and greater than zero (fo",
        ),
    ],
)
def test_a_number_outside_its_domain_is_named_as_it_was_given(
    asking: Callable[[], Any], message: str
) -> None:
    with pytest.raises(BadParameterError) as caught:
        asking()
    assert str(caught.value).startswith(message)


def test_a_spread_that_depends_on_a_quantity_is_not_judged() -> None:
    with face.Model():
        mu = face.Beta("mu", 2.0, 2.0)
        alpha, _ = beta_parameters(None, None, mu, 0.1, None)
        assert alpha.shape == ()


def test_a_name_or_a_quantity_may_stand_for_any_of_them() -> None:
    with face.Model() as model:
        tau = face.Gamma("tau", 2.0, 2.0)
        face.Normal("x", 0, tau="tau")
        face.Normal("z", 0, tau=tau)
        assert quantity("tau").shape == ()
    for name in "xz":
        sigma = model.graph.node(name).expressions[1]
        assert describe(sigma) == "1.0 / sqrt(tau)"


def test_numbers_become_arrays() -> None:
    assert quantity([1, 2]).dtype == np.float64
