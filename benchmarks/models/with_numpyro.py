"""The models in NumPyro."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import jax.numpy as jnp
import numpy as np
import numpyro
from jax import lax
from jax.scipy.special import logsumexp
from numpyro import deterministic, sample
from numpyro import distributions as dist
from numpyro.distributions import constraints

if TYPE_CHECKING:
    from collections.abc import Callable

    from models.data import Arrays


def _normal(name: str, scale: float, size: int) -> Any:
    return sample(name, dist.Normal(0.0, scale).expand([size]).to_event(1))


def _flat(name: str, size: int) -> Any:
    return sample(name, dist.ImproperUniform(constraints.real_vector, (), (size,)))


def _flat_positive(name: str) -> Any:
    return sample(name, dist.ImproperUniform(constraints.positive, (), ()))


def eight_schools(data: Arrays) -> None:
    """Non-centred."""
    mu = sample("mu", dist.Normal(0, 5))
    tau = sample("tau", dist.HalfCauchy(5))
    theta = deterministic("theta", mu + tau * _normal("raw", 1.0, 8))
    sample("y", dist.Normal(theta, data["error"]), obs=data["y"])


def eight_schools_centred(data: Arrays) -> None:
    """Centred."""
    mu = sample("mu", dist.Normal(0, 5))
    tau = sample("tau", dist.HalfCauchy(5))
    theta = sample("theta", dist.Normal(mu, tau).expand([8]).to_event(1))
    sample("y", dist.Normal(theta, data["error"]), obs=data["y"])


def radon(data: Arrays) -> None:
    """Varying intercepts, non-centred."""
    mu = sample("mu", dist.Normal(0, 10))
    sigma_alpha = sample("sigma_alpha", dist.HalfNormal(1))
    beta = sample("beta", dist.Normal(0, 10))
    sigma_y = sample("sigma_y", dist.HalfNormal(1))
    alpha = deterministic("alpha", mu + sigma_alpha * _normal("raw", 1.0, 85))
    mean = alpha[data["county"]] + beta * data["floor"]
    sample("y", dist.Normal(mean, sigma_y), obs=data["y"])


def logistic(data: Arrays) -> None:
    """Logistic regression."""
    beta = _normal("beta", 2.0, data["X"].shape[1])
    sample("y", dist.Bernoulli(logits=data["X"] @ beta), obs=data["y"])


def logit(data: Arrays) -> None:
    """Logistic regression without a prior."""
    beta = _flat("beta", data["X"].shape[1])
    sample("y", dist.Bernoulli(logits=data["X"] @ beta), obs=data["y"])


def dogs(data: Arrays) -> None:
    """Logistic regression with a wide prior."""
    beta = _normal("beta", 100.0, 3)
    sample("y", dist.Bernoulli(logits=data["X"] @ beta), obs=data["y"])


def funnel(_data: Arrays) -> None:
    """Neal (2003)."""
    v = sample("v", dist.Normal(0, 3))
    sample("x", dist.Normal(0, jnp.exp(v / 2)).expand([9]).to_event(1))


def mvn(data: Arrays) -> None:
    """A normal given by its precision."""
    x = _flat("x", len(data["precision"]))
    numpyro.factor("normal", -0.5 * jnp.dot(x, jnp.dot(data["precision"], x)))


def irt_2pl(data: Arrays) -> None:
    """Two-parameter logistic item response."""
    ability = _normal("ability", 1.0, 100)
    slope = sample("slope", dist.LogNormal(0, 0.5).expand([20]).to_event(1))
    hardness = _normal("hardness", 2.0, 20)
    question = data["question"]
    log_odds = slope[question] * (ability[data["person"]] - hardness[question])
    sample("y", dist.Bernoulli(logits=log_odds), obs=data["y"])


def mixture(data: Arrays) -> None:
    """Two normals in order, memberships summed out."""
    mu = sample("mu", dist.ImproperUniform(constraints.ordered_vector, (), (2,)))
    numpyro.factor("prior", dist.Normal(0, 2).log_prob(mu).sum())
    sigma = sample("sigma", dist.HalfNormal(2).expand([2]).to_event(1))
    theta = sample("theta", dist.Beta(5, 5))
    log_weight = jnp.log(jnp.stack([theta, 1 - theta]))
    parts = log_weight + dist.Normal(mu, sigma).log_prob(data["y"][:, None])
    numpyro.factor("y", logsumexp(parts, axis=1).sum())


def poisson_glm(data: Arrays) -> None:
    """Counts with a log link."""
    beta = _normal("beta", 1.0, data["X"].shape[1])
    sample("y", dist.Poisson(jnp.exp(data["X"] @ beta)), obs=data["y"])


def horseshoe(data: Arrays) -> None:
    """Sparse regression (Carvalho et al. 2010), noise of size 1."""
    tau = sample("tau", dist.HalfCauchy(1))
    lam = sample("lam", dist.HalfCauchy(1).expand([50]).to_event(1))
    raw = _normal("raw", 1.0, 50)
    sample("y", dist.Normal(data["X"] @ (tau * lam * raw), 1), obs=data["y"])


def autoregression(data: Arrays) -> None:
    """On the last five values."""
    alpha = sample("alpha", dist.Normal(0, 10))
    beta = _normal("beta", 10.0, data["lags"].shape[1])
    sigma = sample("sigma", dist.HalfCauchy(2.5))
    sample("y", dist.Normal(alpha + data["lags"] @ beta, sigma), obs=data["y"])


def kidiq(data: Arrays) -> None:
    """Flat coefficients, half-Cauchy noise."""
    beta = _flat("beta", 4)
    sigma = sample("sigma", dist.HalfCauchy(2.5))
    sample("y", dist.Normal(data["X"] @ beta, sigma), obs=data["y"])


def flat_regression(data: Arrays) -> None:
    """Flat coefficients, flat noise."""
    beta = _flat("beta", data["X"].shape[1])
    sigma = _flat_positive("sigma")
    sample("y", dist.Normal(data["X"] @ beta, sigma), obs=data["y"])


def blr(data: Arrays) -> None:
    """Normal coefficients, half-normal noise."""
    beta = _normal("beta", 10.0, data["X"].shape[1])
    sigma = sample("sigma", dist.HalfNormal(10))
    sample("y", dist.Normal(data["X"] @ beta, sigma), obs=data["y"])


def diamonds(data: Arrays) -> None:
    """Standard normal coefficients, Student t intercept and noise."""
    b = _normal("b", 1.0, data["X"].shape[1])
    intercept = sample("intercept", dist.StudentT(3, 8, 10))
    sigma = sample("sigma", dist.FoldedDistribution(dist.StudentT(3, 0, 10)))
    sample("y", dist.Normal(intercept + data["X"] @ b, sigma), obs=data["y"])


def _covariance(x: Any, rho: Any, alpha: Any) -> Any:
    squares = np.subtract.outer(x, x) ** 2
    return alpha**2 * jnp.exp(-0.5 * squares / rho**2)


def gp(data: Arrays) -> None:
    """Gaussian process regression."""
    rho = sample("rho", dist.Gamma(25, 4))
    alpha = sample("alpha", dist.HalfNormal(2))
    sigma = sample("sigma", dist.HalfNormal(1))
    noise = sigma * np.eye(len(data["x"]))
    covariance = _covariance(data["x"], rho, alpha) + noise
    sample("y", dist.MultivariateNormal(0.0, covariance), obs=data["y"])


def gp_pois_regr(data: Arrays) -> None:
    """Counts whose log-rate is a Gaussian process."""
    rho = sample("rho", dist.Gamma(25, 4))
    alpha = sample("alpha", dist.HalfNormal(2))
    raw = _normal("raw", 1.0, len(data["x"]))
    jitter = 1e-10 * np.eye(len(data["x"]))
    factor = jnp.linalg.cholesky(_covariance(data["x"], rho, alpha) + jitter)
    sample("y", dist.Poisson(jnp.exp(factor @ raw)), obs=data["y"])


def stochastic_volatility(data: Arrays) -> None:
    """Log-variance by a recurrence."""
    persistence = sample("persistence", dist.Beta(20, 1.5))
    spread = sample("spread", dist.Exponential(10.0))
    shock = _normal("shock", 1.0, len(data["y"]))

    def step(level: Any, push: Any) -> Any:
        level = (2.0 * persistence - 1.0) * level + push
        return level, level

    _, level = lax.scan(step, jnp.zeros_like(spread), spread * shock)
    sample("y", dist.Normal(0, jnp.exp(level / 2)), obs=data["y"])


MODELS: dict[str, Callable[[Arrays], None]] = {
    "eight_schools": eight_schools,
    "eight_schools_centred": eight_schools_centred,
    "radon": radon,
    "logistic_1000": logistic,
    "stochastic_volatility": stochastic_volatility,
    "funnel": funnel,
    "mvn_100": mvn,
    "irt_2pl": irt_2pl,
    "mixture_500": mixture,
    "poisson_glm": poisson_glm,
    "horseshoe": horseshoe,
    "gp_100": gp,
    "ar_200": autoregression,
    "kidiq": kidiq,
    "logearn": flat_regression,
    "nes1976": flat_regression,
    "blr": blr,
    "arK": autoregression,
    "logistic_500": logistic,
    "low_dim_gauss_mix": mixture,
    "gp_regr": gp,
    "gp_pois_regr": gp_pois_regr,
    "nes_logit_like": logit,
    "wells_like": logit,
    "dogs_like": dogs,
    "diamonds": diamonds,
}
"""By name: the model of the data."""
