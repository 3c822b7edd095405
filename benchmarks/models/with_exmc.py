"""The models in exmc."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import autograd.numpy as anp
import numpy as np

from exmc.model import (
    Bernoulli,
    Beta,
    Deterministic,
    Flat,
    HalfCauchy,
    HalfFlat,
    HalfNormal,
    HalfStudentT,
    LogNormal,
    Model,
    Normal,
    Poisson,
    Potential,
    StudentT,
    model_of_logp,
)
from exmc.numerics.differentiable import recurrence

if TYPE_CHECKING:
    from collections.abc import Callable

    from models.data import Arrays


NONCENTERED = frozenset(("eight_schools", "radon"))
"""Models compiled and sampled with `noncentered=True`."""


def eight_schools(data: Arrays) -> Model:
    """Centred as written; sampled non-centred where the option says so."""
    with Model() as model:
        mu = Normal("mu", 0, 5)
        tau = HalfCauchy("tau", 5)
        theta = Normal("theta", mu, tau, shape=8)
        Normal("y", theta, data["error"], observed=data["y"])
    return model


def radon(data: Arrays) -> Model:
    """Varying intercepts."""
    with Model() as model:
        mu = Normal("mu", 0, 10)
        sigma_alpha = HalfNormal("sigma_alpha", 1)
        beta = Normal("beta", 0, 10)
        sigma_y = HalfNormal("sigma_y", 1)
        alpha = Normal("alpha", mu, sigma_alpha, shape=85)
        mean = alpha[data["county"]] + beta * data["floor"]
        Normal("y", mean, sigma_y, observed=data["y"])
    return model


def logistic(data: Arrays) -> Model:
    """Logistic regression."""
    with Model() as model:
        beta = Normal("beta", 0, 2, shape=data["X"].shape[1])
        Bernoulli("y", logit_p=data["X"] @ beta, observed=data["y"])
    return model


def logit(data: Arrays) -> Model:
    """Logistic regression without a prior."""
    with Model() as model:
        beta = Flat("beta", shape=data["X"].shape[1])
        Bernoulli("y", logit_p=data["X"] @ beta, observed=data["y"])
    return model


def dogs(data: Arrays) -> Model:
    """Logistic regression with a wide prior."""
    with Model() as model:
        beta = Normal("beta", 0, 100, shape=3)
        Bernoulli("y", logit_p=data["X"] @ beta, observed=data["y"])
    return model


def funnel(_data: Arrays) -> Model:
    """Neal (2003)."""
    with Model() as model:
        v = Normal("v", 0, 3)
        Normal("x", 0, np.exp(v / 2), shape=9)
    return model


def mvn(data: Arrays) -> Model:
    """A normal given by its precision."""
    with Model() as model:
        x = Flat("x", shape=len(data["precision"]))
        Potential("normal", -0.5 * (x @ (data["precision"] @ x)))
    return model


def irt_2pl(data: Arrays) -> Model:
    """Two-parameter logistic item response."""
    with Model() as model:
        ability = Normal("ability", 0, 1, shape=100)
        slope = LogNormal("slope", 0, 0.5, shape=20)
        hardness = Normal("hardness", 0, 2, shape=20)
        question = data["question"]
        log_odds = slope[question] * (ability[data["person"]] - hardness[question])
        Bernoulli("y", logit_p=log_odds, observed=data["y"])
    return model


def mixture(data: Arrays) -> Model:
    """Two normals in order, memberships summed out."""
    with Model() as model:
        first = Normal("first", 0, 2)
        gap = HalfFlat("gap")
        mu = Deterministic("mu", np.stack([first, first + gap]))
        Potential("second", -0.5 * (mu[1] / 2) ** 2)
        sigma = HalfNormal("sigma", 2, shape=2)
        theta = Beta("theta", 5, 5)
        scaled = (data["y"][:, None] - mu) / sigma
        log_normal = -0.5 * scaled**2 - np.log(sigma)
        left = np.log(theta) + log_normal[:, 0]
        right = np.log1p(-theta) + log_normal[:, 1]
        Potential("mixture", np.logaddexp(left, right).sum())
    return model


def poisson_glm(data: Arrays) -> Model:
    """Counts with a log link."""
    with Model() as model:
        beta = Normal("beta", 0, 1, shape=data["X"].shape[1])
        Poisson("y", np.exp(data["X"] @ beta), observed=data["y"])
    return model


def horseshoe(data: Arrays) -> Model:
    """Sparse regression (Carvalho et al. 2010), noise of size 1."""
    with Model() as model:
        tau = HalfCauchy("tau", 1)
        lam = HalfCauchy("lam", 1, shape=50)
        raw = Normal("raw", 0, 1, shape=50)
        Normal("y", data["X"] @ (tau * lam * raw), 1, observed=data["y"])
    return model


def autoregression(data: Arrays) -> Model:
    """On the last five values."""
    with Model() as model:
        alpha = Normal("alpha", 0, 10)
        beta = Normal("beta", 0, 10, shape=data["lags"].shape[1])
        sigma = HalfCauchy("sigma", 2.5)
        Normal("y", alpha + data["lags"] @ beta, sigma, observed=data["y"])
    return model


def kidiq(data: Arrays) -> Model:
    """Flat coefficients, half-Cauchy noise."""
    with Model() as model:
        beta = Flat("beta", shape=4)
        sigma = HalfCauchy("sigma", 2.5)
        Normal("y", data["X"] @ beta, sigma, observed=data["y"])
    return model


def flat_regression(data: Arrays) -> Model:
    """Flat coefficients, flat noise."""
    with Model() as model:
        beta = Flat("beta", shape=data["X"].shape[1])
        sigma = HalfFlat("sigma")
        Normal("y", data["X"] @ beta, sigma, observed=data["y"])
    return model


def blr(data: Arrays) -> Model:
    """Normal coefficients, half-normal noise."""
    with Model() as model:
        beta = Normal("beta", 0, 10, shape=data["X"].shape[1])
        sigma = HalfNormal("sigma", 10)
        Normal("y", data["X"] @ beta, sigma, observed=data["y"])
    return model


def diamonds(data: Arrays) -> Model:
    """Standard normal coefficients, Student t intercept and noise."""
    with Model() as model:
        b = Normal("b", 0, 1, shape=data["X"].shape[1])
        intercept = StudentT("intercept", 3, 8, 10)
        sigma = HalfStudentT("sigma", 3, 10)
        Normal("y", intercept + data["X"] @ b, sigma, observed=data["y"])
    return model


def _squared_distances(x: Any) -> Any:
    return np.subtract.outer(x, x) ** 2


def _gamma_25_4(log_rho: Any) -> Any:
    return 25.0 * log_rho - 4.0 * anp.exp(log_rho)


def gp(data: Arrays) -> Model:
    """Gaussian process regression; a function, for want of multivariate families."""
    squares, eye = _squared_distances(data["x"]), np.eye(len(data["x"]))

    def logp(z: dict[str, Any]) -> Any:
        alpha, sigma = anp.exp(z["log_alpha"]), anp.exp(z["log_sigma"])
        decay = -0.5 * anp.exp(-2.0 * z["log_rho"])
        factor = anp.linalg.cholesky(alpha**2 * anp.exp(decay * squares) + sigma * eye)
        scaled = anp.linalg.solve(factor, data["y"])
        prior = _gamma_25_4(z["log_rho"])
        prior = prior - 0.125 * alpha**2 + z["log_alpha"]
        prior = prior - 0.5 * sigma**2 + z["log_sigma"]
        likelihood = -0.5 * anp.sum(scaled**2) - anp.sum(anp.log(anp.diag(factor)))
        return prior + likelihood

    start = np.zeros(())
    return model_of_logp(
        logp, {"log_rho": start + 1.8, "log_alpha": start, "log_sigma": start}
    )


def gp_pois_regr(data: Arrays) -> Model:
    """Counts whose log-rate is a Gaussian process."""
    squares, jitter = _squared_distances(data["x"]), 1e-10 * np.eye(len(data["x"]))

    def logp(z: dict[str, Any]) -> Any:
        alpha = anp.exp(z["log_alpha"])
        decay = -0.5 * anp.exp(-2.0 * z["log_rho"])
        factor = anp.linalg.cholesky(alpha**2 * anp.exp(decay * squares) + jitter)
        rate = anp.dot(factor, z["raw"])
        prior = _gamma_25_4(z["log_rho"]) - 0.125 * alpha**2 + z["log_alpha"]
        prior = prior - 0.5 * anp.sum(z["raw"] ** 2)
        return prior + anp.sum(data["y"] * rate - anp.exp(rate))

    start = {"log_rho": 1.8, "log_alpha": 0.0, "raw": np.zeros(len(data["x"]))}
    return model_of_logp(logp, {n: np.asarray(v, float) for n, v in start.items()})


def stochastic_volatility(data: Arrays) -> Model:
    """Log-variance by a recurrence; a function, for want of a scan."""

    def logp(z: dict[str, Any]) -> Any:
        p = 1.0 / (1.0 + anp.exp(-z["logit_persistence"]))
        spread, shock = anp.exp(z["log_spread"]), z["shock"]
        level = recurrence(2.0 * p - 1.0, spread * shock)
        prior = 20.0 * anp.log(p) + 1.5 * anp.log1p(-p)
        prior = prior - 10.0 * spread + z["log_spread"] - 0.5 * anp.sum(shock**2)
        return prior - 0.5 * anp.sum(data["y"] ** 2 * anp.exp(-level) + level)

    steps = len(data["y"])
    start = {"logit_persistence": 2.0, "log_spread": -1.0, "shock": np.zeros(steps)}
    return model_of_logp(logp, {n: np.asarray(v, float) for n, v in start.items()})


def sixty_sites(data: Arrays) -> Model:
    """Sixty scalar variables, each observed once: the code is as long as can be."""
    with Model() as model:
        for site, value in enumerate(data["y"]):
            mean = Normal(f"mean_{site}", 0, 1 + site / 7)
            Normal(f"y_{site}", mean, 1 + site / 11, observed=value)
    return model


MODELS: dict[str, Callable[[Arrays], Model]] = {
    "eight_schools": eight_schools,
    "eight_schools_centred": eight_schools,
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
    "sixty_sites": sixty_sites,
}
"""By name: the model of the data."""
