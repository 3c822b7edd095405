"""Real models as a user would write them, over the data of a posteriordb folder.

Each function takes the decoded `data` of one posterior and returns the model with the
variables that its reference names (`beta[1]` there is `beta[0]` here).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from exmc.model import (
    Beta,
    Data,
    Deterministic,
    Flat,
    HalfCauchy,
    HalfFlat,
    HalfNormal,
    HalfStudentT,
    Model,
    Normal,
    Potential,
    StudentT,
)

Numbers = dict[str, Any]


def eight_schools(data: Numbers) -> Model:
    with Model(coords={"school": [f"s{i}" for i in range(data["J"])]}) as model:
        mu = Normal("mu", 0, 5)
        tau = HalfCauchy("tau", 5)
        theta = Normal("theta", mu, tau, dims="school")
        Normal("y", theta, data["sigma"], observed=data["y"], dims="school")
    return model


def kidscore_interaction(data: Numbers) -> Model:
    with Model() as model:
        hs = Data("mom_hs", data["mom_hs"])
        iq = Data("mom_iq", data["mom_iq"])
        beta = Flat("beta", shape=4)
        sigma = HalfCauchy("sigma", 2.5)
        mean = beta[0] + beta[1] * hs + beta[2] * iq + beta[3] * hs * iq
        Normal("kid_score", mean, sigma, observed=data["kid_score"])
    return model


def logearn_interaction(data: Numbers) -> Model:
    with Model() as model:
        earn = Data("earn", np.asarray(data["earn"], dtype=float))
        height = np.asarray(data["height"], dtype=float)
        male = np.asarray(data["male"], dtype=float)
        design = np.column_stack([np.ones_like(height), height, male, height * male])
        beta = Flat("beta", shape=4)
        sigma = HalfFlat("sigma")
        Normal("log_earn", design @ beta, sigma, observed=np.log(earn))
    return model


def nes(data: Numbers) -> Model:
    age = np.asarray(data["age_discrete"])
    columns = [np.ones(len(age)), data["real_ideo"], data["race_adj"]]
    columns += [age == 2, age == 3, age == 4]
    columns += [data["educ1"], data["gender"], data["income"]]
    with Model() as model:
        design = Data("X", np.column_stack(columns).astype(float))
        beta = Flat("beta", shape=9)
        sigma = HalfFlat("sigma")
        Normal("partyid7", design @ beta, sigma, observed=data["partyid7"])
    return model


def ark(data: Numbers) -> Model:
    y, lags = np.asarray(data["y"], dtype=float), data["K"]
    with Model() as model:
        alpha = Normal("alpha", 0, 10)
        beta = Normal("beta", 0, 10, shape=lags)
        sigma = HalfCauchy("sigma", 2.5)
        mean = alpha
        for k in range(lags):
            mean = mean + beta[k] * y[lags - k - 1 : len(y) - k - 1]
        Normal("y", mean, sigma, observed=y[lags:])
    return model


def low_dim_gauss_mix(data: Numbers) -> Model:
    y = np.asarray(data["y"], dtype=float)
    with Model() as model:
        first = Normal("first", 0, 2)
        gap = HalfFlat("gap")
        mu = Deterministic("mu", np.stack([first, first + gap]))
        Potential("second", -0.5 * (mu[1] / 2) ** 2)
        sigma = HalfNormal("sigma", 2, shape=2)
        theta = Beta("theta", 5, 5)
        z = (y[:, None] - mu) / sigma
        log_normal = -0.5 * z**2 - np.log(sigma)
        left = np.log(theta) + log_normal[:, 0]
        right = np.log1p(-theta) + log_normal[:, 1]
        Potential("mixture", np.logaddexp(left, right).sum())
    return model


def sblri(data: Numbers) -> Model:
    with Model() as model:
        beta = Normal("beta", 0, 10, shape=data["D"])
        sigma = HalfNormal("sigma", 10)
        mean = np.asarray(data["X"]) @ beta
        Normal("y", mean, sigma, observed=data["y"])
    return model


def diamonds(data: Numbers) -> Model:
    design = np.asarray(data["X"], dtype=float)[:, 1:]
    with Model() as model:
        b = Normal("b", 0, 1, shape=design.shape[1])
        intercept = StudentT("Intercept", 3, 8, 10)
        sigma = HalfStudentT("sigma", 3, 10)
        mean = intercept + (design - design.mean(axis=0)) @ b
        Normal("Y", mean, sigma, observed=data["Y"])
    return model


def logmesquite(data: Numbers) -> Model:
    with Model() as model:
        names = ["diam1", "diam2", "canopy_height", "total_height", "density"]
        logs = [np.log(Data(name, data[name])) for name in names]
        group = Data("group", data["group"])
        beta = Flat("beta", shape=7)
        sigma = HalfFlat("sigma")
        mean = beta[0] + beta[6] * group
        for coefficient, log in zip(beta[1:6], logs, strict=True):
            mean = mean + coefficient * log
        weight = Data("weight", data["weight"])
        Normal("log_weight", mean, sigma, observed=np.log(weight))
    return model


def kilpisjarvi(data: Numbers) -> Model:
    with Model() as model:
        alpha = Normal("alpha", data["pmualpha"], data["psalpha"])
        beta = Normal("beta", data["pmubeta"], data["psbeta"])
        sigma = HalfFlat("sigma")
        x = np.asarray(data["x"])
        Normal("y", alpha + beta * x, sigma, observed=data["y"])
    return model


POSTERIORS: dict[str, Callable[[Numbers], Model]] = {
    "eight_schools-eight_schools_centered": eight_schools,
    "eight_schools-eight_schools_noncentered": eight_schools,
    "kidiq-kidscore_interaction": kidscore_interaction,
    "earnings-logearn_interaction": logearn_interaction,
    "nes1976-nes": nes,
    "arK-arK": ark,
    "low_dim_gauss_mix-low_dim_gauss_mix": low_dim_gauss_mix,
    "sblri-blr": sblri,
    "diamonds-diamonds": diamonds,
    "mesquite-logmesquite": logmesquite,
    "kilpisjarvi_mod-kilpisjarvi": kilpisjarvi,
}
"""By posteriordb's name: the model of the data."""
