"""Six log-densities as models write them, with small data: what programs are judged by.

Each as the unconstrained vector z goes in: with the transforms and their Jacobians.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import autograd.numpy as anp
import numpy as np

from exmc.numerics.differentiable import recurrence

HALF_LOG_2_PI = 0.9189385332046727
_STREAM = np.random.Generator(np.random.PCG64(20261205))

ERROR = np.array([15.0, 10.0, 16.0, 11.0, 9.0, 11.0, 10.0, 18.0])
EFFECT = np.array([28.0, 8.0, -3.0, 7.0, -1.0, 1.0, 18.0, 12.0])
COUNTY = _STREAM.integers(0, 5, 23)
FLOOR = _STREAM.integers(0, 2, 23).astype(float)
RADON = _STREAM.standard_normal(23)
DESIGN = _STREAM.standard_normal((30, 4))
PASSED = _STREAM.integers(0, 2, 30).astype(float)
RETURNS = _STREAM.standard_normal(12)
_FACTOR = _STREAM.standard_normal((9, 9))
PRECISION = _FACTOR @ _FACTOR.T + 9.0 * np.eye(9)


def normal(x: Any, mean: Any, scale: Any) -> Any:
    standard = (x - mean) / scale
    return -0.5 * standard * standard - anp.log(scale) - HALF_LOG_2_PI


def eight_schools(z: Any) -> Any:
    mu, log_tau, raw = z[0], z[1], z[2:10]
    tau = anp.exp(log_tau)
    prior = normal(mu, 0.0, 5.0) + anp.log(2.0 / (np.pi * 5.0))
    prior = prior - anp.log1p((tau / 5.0) ** 2) + log_tau
    prior = prior + anp.sum(normal(raw, 0.0, 1.0))
    return prior + anp.sum(normal(EFFECT, mu + tau * raw, ERROR))


def radon(z: Any) -> Any:
    mu, log_spread, slope, log_noise, raw = z[0], z[1], z[2], z[3], z[4:9]
    spread, noise = anp.exp(log_spread), anp.exp(log_noise)
    prior = normal(mu, 0.0, 10.0) + normal(slope, 0.0, 10.0)
    prior = prior - 0.5 * spread * spread + log_spread
    prior = prior - 0.5 * noise * noise + log_noise
    prior = prior + anp.sum(normal(raw, 0.0, 1.0))
    alpha = mu + spread * raw
    return prior + anp.sum(normal(RADON, alpha[COUNTY] + slope * FLOOR, noise))


def logistic(z: Any) -> Any:
    log_odds = anp.dot(DESIGN, z)
    likelihood = PASSED * log_odds - anp.logaddexp(0.0, log_odds)
    return anp.sum(normal(z, 0.0, 2.0)) + anp.sum(likelihood)


def stochastic_volatility(z: Any) -> Any:
    chance, spread, shock = 1.0 / (1.0 + anp.exp(-z[0])), anp.exp(z[1]), z[2:14]
    prior = 20.0 * anp.log(chance) + 1.5 * anp.log1p(-chance)
    prior = prior - 10.0 * spread + z[1] + anp.sum(normal(shock, 0.0, 1.0))
    level = recurrence(2.0 * chance - 1.0, spread * shock)
    return prior + anp.sum(normal(RETURNS, 0.0, anp.exp(level / 2.0)))


def funnel(z: Any) -> Any:
    return normal(z[0], 0.0, 3.0) + anp.sum(normal(z[1:10], 0.0, anp.exp(z[0] / 2.0)))


def correlated_normal(z: Any) -> Any:
    return -0.5 * anp.dot(z, anp.dot(PRECISION, z))


@dataclass(frozen=True)
class Row:
    """A model and what its program may cost.

    Attributes:
        logp: The log-density.
        dim: Length of z.
        operations: Most that compute something: neither leaf, view nor sign.
    """

    logp: Callable[[Any], Any]
    dim: int
    operations: int


MODELS = {
    "eight_schools": Row(eight_schools, dim=10, operations=32),
    "radon": Row(radon, dim=9, operations=45),
    "logistic": Row(logistic, dim=4, operations=14),
    "stochastic_volatility": Row(stochastic_volatility, dim=14, operations=42),
    "funnel": Row(funnel, dim=10, operations=18),
    "correlated_normal": Row(correlated_normal, dim=9, operations=4),
}
