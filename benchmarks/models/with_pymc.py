"""The models in PyMC, for nutpie."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pymc as pm
import pytensor.tensor as pt
from pymc.distributions.transforms import log, ordered

if TYPE_CHECKING:
    from collections.abc import Callable

    from models.data import Arrays


def eight_schools(data: Arrays) -> pm.Model:
    """Non-centred."""
    with pm.Model() as model:
        mu = pm.Normal("mu", 0, 5)
        tau = pm.HalfCauchy("tau", 5)
        raw = pm.Normal("raw", 0, 1, shape=8)
        theta = pm.Deterministic("theta", mu + tau * raw)
        pm.Normal("y", theta, data["error"], observed=data["y"])
    return model


def eight_schools_centred(data: Arrays) -> pm.Model:
    """Centred."""
    with pm.Model() as model:
        mu = pm.Normal("mu", 0, 5)
        tau = pm.HalfCauchy("tau", 5)
        theta = pm.Normal("theta", mu, tau, shape=8)
        pm.Normal("y", theta, data["error"], observed=data["y"])
    return model


def radon(data: Arrays) -> pm.Model:
    """Varying intercepts, non-centred."""
    with pm.Model() as model:
        mu = pm.Normal("mu", 0, 10)
        sigma_alpha = pm.HalfNormal("sigma_alpha", 1)
        beta = pm.Normal("beta", 0, 10)
        sigma_y = pm.HalfNormal("sigma_y", 1)
        raw = pm.Normal("raw", 0, 1, shape=85)
        alpha = pm.Deterministic("alpha", mu + sigma_alpha * raw)
        mean = alpha[data["county"]] + beta * data["floor"]
        pm.Normal("y", mean, sigma_y, observed=data["y"])
    return model


def logistic(data: Arrays) -> pm.Model:
    """Logistic regression."""
    with pm.Model() as model:
        beta = pm.Normal("beta", 0, 2, shape=data["X"].shape[1])
        pm.Bernoulli("y", logit_p=data["X"] @ beta, observed=data["y"])
    return model


def logit(data: Arrays) -> pm.Model:
    """Logistic regression without a prior."""
    with pm.Model() as model:
        beta = pm.Flat("beta", shape=data["X"].shape[1])
        pm.Bernoulli("y", logit_p=data["X"] @ beta, observed=data["y"])
    return model


def dogs(data: Arrays) -> pm.Model:
    """Logistic regression with a wide prior."""
    with pm.Model() as model:
        beta = pm.Normal("beta", 0, 100, shape=3)
        pm.Bernoulli("y", logit_p=data["X"] @ beta, observed=data["y"])
    return model


def funnel(_data: Arrays) -> pm.Model:
    """Neal (2003)."""
    with pm.Model() as model:
        v = pm.Normal("v", 0, 3)
        pm.Normal("x", 0, pt.exp(v / 2), shape=9)
    return model


def mvn(data: Arrays) -> pm.Model:
    """A normal given by its precision: cheaper here than `pm.MvNormal`."""
    with pm.Model() as model:
        x = pm.Flat("x", shape=len(data["precision"]))
        pm.Potential("normal", -0.5 * pt.dot(x, pt.dot(data["precision"], x)))
    return model


def irt_2pl(data: Arrays) -> pm.Model:
    """Two-parameter logistic item response."""
    with pm.Model() as model:
        ability = pm.Normal("ability", 0, 1, shape=100)
        slope = pm.LogNormal("slope", 0, 0.5, shape=20)
        hardness = pm.Normal("hardness", 0, 2, shape=20)
        question = data["question"]
        log_odds = slope[question] * (ability[data["person"]] - hardness[question])
        pm.Bernoulli("y", logit_p=log_odds, observed=data["y"])
    return model


def mixture(data: Arrays) -> pm.Model:
    """Two normals in order, memberships summed out."""
    with pm.Model() as model:
        start = np.array([-1.0, 1.0])
        mu = pm.Normal("mu", 0, 2, shape=2, transform=ordered, initval=start)
        sigma = pm.HalfNormal("sigma", 2, shape=2)
        theta = pm.Beta("theta", 5, 5)
        weights = pt.stack([theta, 1 - theta])
        pm.NormalMixture("y", w=weights, mu=mu, sigma=sigma, observed=data["y"])
    return model


def poisson_glm(data: Arrays) -> pm.Model:
    """Counts with a log link."""
    with pm.Model() as model:
        beta = pm.Normal("beta", 0, 1, shape=data["X"].shape[1])
        pm.Poisson("y", pt.exp(data["X"] @ beta), observed=data["y"])
    return model


def horseshoe(data: Arrays) -> pm.Model:
    """Sparse regression (Carvalho et al. 2010), noise of size 1."""
    with pm.Model() as model:
        tau = pm.HalfCauchy("tau", 1)
        lam = pm.HalfCauchy("lam", 1, shape=50)
        raw = pm.Normal("raw", 0, 1, shape=50)
        pm.Normal("y", data["X"] @ (tau * lam * raw), 1, observed=data["y"])
    return model


def autoregression(data: Arrays) -> pm.Model:
    """On the last five values."""
    with pm.Model() as model:
        alpha = pm.Normal("alpha", 0, 10)
        beta = pm.Normal("beta", 0, 10, shape=data["lags"].shape[1])
        sigma = pm.HalfCauchy("sigma", 2.5)
        pm.Normal("y", alpha + data["lags"] @ beta, sigma, observed=data["y"])
    return model


def kidiq(data: Arrays) -> pm.Model:
    """Flat coefficients, half-Cauchy noise."""
    with pm.Model() as model:
        beta = pm.Flat("beta", shape=4)
        sigma = pm.HalfCauchy("sigma", 2.5)
        pm.Normal("y", data["X"] @ beta, sigma, observed=data["y"])
    return model


def flat_regression(data: Arrays) -> pm.Model:
    """Flat coefficients, flat noise."""
    with pm.Model() as model:
        beta = pm.Flat("beta", shape=data["X"].shape[1])
        sigma = pm.HalfFlat("sigma", default_transform=log)
        pm.Normal("y", data["X"] @ beta, sigma, observed=data["y"])
    return model


def blr(data: Arrays) -> pm.Model:
    """Normal coefficients, half-normal noise."""
    with pm.Model() as model:
        beta = pm.Normal("beta", 0, 10, shape=data["X"].shape[1])
        sigma = pm.HalfNormal("sigma", 10)
        pm.Normal("y", data["X"] @ beta, sigma, observed=data["y"])
    return model


def diamonds(data: Arrays) -> pm.Model:
    """Standard normal coefficients, Student t intercept and noise."""
    with pm.Model() as model:
        b = pm.Normal("b", 0, 1, shape=data["X"].shape[1])
        intercept = pm.StudentT("intercept", 3, mu=8, sigma=10)
        sigma = pm.HalfStudentT("sigma", 3, sigma=10)
        pm.Normal("y", intercept + data["X"] @ b, sigma, observed=data["y"])
    return model


def _covariance(x: Any, rho: Any, alpha: Any) -> Any:
    squares = np.subtract.outer(x, x) ** 2
    return alpha**2 * pt.exp(-0.5 * squares / rho**2)


def gp(data: Arrays) -> pm.Model:
    """Gaussian process regression."""
    with pm.Model() as model:
        rho = pm.Gamma("rho", 25, 4)
        alpha = pm.HalfNormal("alpha", 2)
        sigma = pm.HalfNormal("sigma", 1)
        noise = sigma * np.eye(len(data["x"]))
        covariance = _covariance(data["x"], rho, alpha) + noise
        pm.MvNormal("y", 0, cov=covariance, observed=data["y"])
    return model


def gp_pois_regr(data: Arrays) -> pm.Model:
    """Counts whose log-rate is a Gaussian process."""
    with pm.Model() as model:
        rho = pm.Gamma("rho", 25, 4)
        alpha = pm.HalfNormal("alpha", 2)
        raw = pm.Normal("raw", 0, 1, shape=len(data["x"]))
        jitter = 1e-10 * np.eye(len(data["x"]))
        factor = pt.linalg.cholesky(_covariance(data["x"], rho, alpha) + jitter)
        pm.Poisson("y", pt.exp(factor @ raw), observed=data["y"])
    return model


MODELS: dict[str, Callable[[Arrays], pm.Model]] = {
    "eight_schools": eight_schools,
    "eight_schools_centred": eight_schools_centred,
    "radon": radon,
    "logistic_1000": logistic,
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
"""By name: the model of the data. Stochastic volatility is not here: its recurrence
would be PyTensor's `scan`, some ten times slower under nutpie than under NumPyro."""
