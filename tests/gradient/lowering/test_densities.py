from __future__ import annotations

from collections.abc import Callable
from typing import Any

import autograd.numpy as anp
import numpy as np
import pytest
from autograd.scipy.stats import (
    beta,
    chi2,
    dirichlet,
    gamma,
    multivariate_normal,
    norm,
    poisson,
    t,
)

from exmc.gradient.lowering import NoRuleError, program_of_density
from exmc.gradient.lowering.densities import STATS
from exmc.numerics.differentiable import expit
from tests.gradient.lowering.agreement import agrees, values_agree

Function = Callable[[Any], Any]

COUNTS = np.array([0.0, 1.0, 4.0])


def shares(z: Any) -> Any:
    return anp.exp(z) / anp.sum(anp.exp(z))


def covariance(z: Any) -> Any:
    return 2.0 * anp.eye(3) + anp.outer(z, z)


def arguments(z: Any) -> dict[str, tuple[Any, ...]]:
    """What each module's functions are given."""
    size = anp.exp(z)
    return {
        "norm": (0.3, z, size),
        "t": (z, size[0], z[1], size[2]),
        "beta": (expit(z), size[0], size[1]),
        "gamma": (size, size[0]),
        "chi2": (size, 3.0),
        "poisson": (COUNTS, size),
    }


MODULES = {
    "norm": norm,
    "t": t,
    "beta": beta,
    "gamma": gamma,
    "chi2": chi2,
    "poisson": poisson,
}


def given(module: str, name: str) -> Function:
    function = getattr(MODULES[module], name)
    return lambda z: function(*arguments(z)[module])


ROWS: dict[str, Function] = {
    **{f"{m}.{name}": given(m, name) for m in MODULES for name in STATS[m]},
    "dirichlet.logpdf": lambda z: dirichlet.logpdf(shares(z), 1.0 + anp.arange(3.0)),
    "multivariate_normal.logpdf": lambda z: multivariate_normal.logpdf(
        z, anp.ones(3), covariance(z)
    ),
}


def test_every_rule_has_a_row() -> None:
    assert set(ROWS) == {f"{m}.{name}" for m, rules in STATS.items() for name in rules}


@pytest.mark.parametrize("name", ROWS)
def test_a_density_is_scipys(name: str) -> None:
    assert values_agree(ROWS[name], 3)


@pytest.mark.parametrize("name", ROWS)
def test_its_gradient_is_autograds(name: str) -> None:
    assert agrees(lambda z: anp.sum(ROWS[name](z)), 3)


@pytest.mark.parametrize("name", STATS["norm"])
def test_a_normal_without_parameters_is_standard(name: str) -> None:
    function = getattr(norm, name)
    assert agrees(lambda z: anp.sum(function(z)), 3)


def test_parameters_may_be_named() -> None:
    assert agrees(lambda z: anp.sum(norm.logpdf(z, loc=0.5, scale=2.0)), 3)


def test_several_vectors_have_no_rule() -> None:
    with pytest.raises(
        NoRuleError, match="logpdf is given several vectors, or options"
    ):
        program_of_density(
            lambda z: anp.sum(
                multivariate_normal.logpdf(
                    anp.reshape(z, (2, 3)), np.zeros(3), np.eye(3)
                )
            ),
            6,
        )
