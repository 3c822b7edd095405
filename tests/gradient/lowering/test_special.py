from __future__ import annotations

from collections.abc import Callable
from typing import Any

import autograd.numpy as anp
import numpy as np
import pytest
from autograd.scipy import special as scipy_special

from exmc.gradient.lowering import NoRuleError, program_of_density, program_of_values
from exmc.gradient.lowering.special import OURS, SPECIAL
from exmc.numerics import differentiable as ours
from tests.gradient.lowering.agreement import agrees, values_agree
from tests.plain.program_evaluator import evaluate

Function = Callable[[Any], Any]

ANYWHERE = [
    "erf",
    "erfc",
    "expit",
    "log1p_square",
    "log_expit",
    "log_expit_slope",
    "log_ndtr",
    "log_ndtr_slope",
    "logsumexp",
    "softplus",
]
POSITIVE = ["digamma", "lgamma", "lgamma_half_step", "log1mexp", "trigamma"]


def our(name: str) -> Any:
    return getattr(ours, name)


def after(function: Function, inside: Function) -> Function:
    return lambda z: function(inside(z))


ROWS: dict[str, Function] = {
    **{name: after(our(name), lambda z: 3.0 * z) for name in ANYWHERE},
    **{name: after(our(name), lambda z: anp.exp(3.0 * z)) for name in POSITIVE},
    "betaln": lambda z: ours.betaln(anp.exp(3.0 * z), anp.exp(z[0])),
    "logit": lambda z: ours.logit(ours.expit(3.0 * z)),
    "open_interval": lambda z: ours.open_interval(9.0 * z, -1.0, anp.exp(z[0])),
    "xlogy": lambda z: ours.xlogy(anp.array([0.0, 2.0, 0.0]), anp.exp(z[:3])),
    "xlog1py": lambda z: ours.xlog1py(anp.array([0.0, 2.0, 0.0]), anp.exp(z[:3])),
}
SCIPY: dict[str, Function] = {
    **{
        name: after(getattr(scipy_special, name), anp.exp)
        for name in ["digamma", "gamma", "gammaln", "psi", "rgamma"]
    },
    **{
        name: getattr(scipy_special, name)
        for name in ["erf", "erfc", "expit", "logsumexp"]
    },
    "beta": lambda z: scipy_special.beta(anp.exp(z), 2.0),
    "betaln": lambda z: scipy_special.betaln(anp.exp(z), 2.0),
    "logit": lambda z: scipy_special.logit(scipy_special.expit(z)),
    "multigammaln": lambda z: scipy_special.multigammaln(2.0 + anp.exp(z[0]), 3),
    "polygamma": lambda z: (
        scipy_special.polygamma(0, anp.exp(z)) + scipy_special.polygamma(1, anp.exp(z))
    ),
}
NO_SECOND = {"trigamma", "log_ndtr_slope", "polygamma"}
"""Derivatives themselves, without one that has a rule."""


def test_every_rule_has_a_row() -> None:
    assert set(ROWS) == set(OURS)
    assert set(SCIPY) == set(SPECIAL)


@pytest.mark.parametrize("name", ROWS)
def test_our_functions_keep_their_values(name: str) -> None:
    assert values_agree(ROWS[name], 6)


@pytest.mark.parametrize("name", [name for name in ROWS if name not in NO_SECOND])
def test_our_functions_keep_their_gradients(name: str) -> None:
    assert agrees(lambda z: anp.sum(ROWS[name](z)), 6)


@pytest.mark.parametrize("name", SCIPY)
def test_scipys_functions_keep_their_values(name: str) -> None:
    assert values_agree(SCIPY[name], 6)


@pytest.mark.parametrize("name", [name for name in SCIPY if name not in NO_SECOND])
def test_scipys_functions_keep_their_gradients(name: str) -> None:
    assert agrees(lambda z: anp.sum(SCIPY[name](z)), 6)


@pytest.mark.parametrize("size", [1e3, 1e9, 1e15])
def test_large_arguments_do_not_cancel(size: float) -> None:
    assert values_agree(lambda z: ours.lgamma_half_step(size * anp.exp(z)), 4)
    assert values_agree(lambda z: ours.betaln(size * anp.exp(z), 3.0 + z * z), 4)


@pytest.mark.parametrize("traced", [False, True])
@pytest.mark.parametrize("bounds", [(0.0, 1.0), (-3.0, 5e-324), (1e300, 1.5e300)])
def test_an_interval_stays_open_far_out(
    bounds: tuple[float, float], traced: bool
) -> None:
    lower, upper = bounds

    def ends(z: Any) -> Any:
        return ours.open_interval(1e3 * z, lower + traced * z[0], upper + traced * z[1])

    lowered = program_of_values(lambda z: [ends(z)], 3, 3)
    z = np.array([0.0, 0.0, 0.0])
    z[2] = -1.0
    low = evaluate(lowered.program, lowered.data, z)[1][2]
    high = evaluate(lowered.program, lowered.data, -z)[1][2]
    assert lower < low <= high < upper


def test_a_count_of_zero_is_no_event_however_rare() -> None:
    counts = np.array([0.0, 3.0])
    lowered = program_of_density(
        lambda z: anp.sum(ours.xlogy(counts, z**2) - z**2), 2, np.array([1.0, 1.0])
    )
    value, gradient = evaluate(lowered.program, lowered.data, np.array([0.0, 1.0]))
    assert value == -1.0
    np.testing.assert_allclose(gradient, [0.0, 4.0])


def test_higher_polygammas_have_no_rule() -> None:
    with pytest.raises(NoRuleError, match="^polygamma is of order 2$"):
        program_of_values(lambda z: [scipy_special.polygamma(2, z)], 2, 2)
