"""Posteriors of posteriordb as a user would write them.

Each builder returns the model, and which draws answer to which reference name.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np

import exmc
from exmc.posterior import Posterior
from exmc.typing import Array

Built: TypeAlias = tuple[exmc.Model, Callable[[Posterior], dict[str, Array]]]


def named(posterior: Posterior, **renamed: str) -> dict[str, Array]:
    """Scalars by name and vectors by name[i], counted from 1."""
    draws: dict[str, Array] = {}
    for ours, theirs in renamed.items():
        values = posterior[ours]
        if values.ndim == 2:
            draws[theirs] = values
        else:
            draws |= {
                f"{theirs}[{i + 1}]": values[:, :, i] for i in range(values.shape[2])
            }
    return draws


def eight_schools(data: dict[str, Any]) -> Built:
    with exmc.Model() as model:
        mu = exmc.Normal("mu", 0, 5)
        tau = exmc.HalfCauchy("tau", 5)
        theta = exmc.Normal("theta", mu, tau, shape=data["J"])
        exmc.Normal("y", theta, np.array(data["sigma"]), observed=np.array(data["y"]))
    return model, lambda p: named(p, mu="mu", tau="tau", theta="theta")


def blr(data: dict[str, Any]) -> Built:
    x = np.array(data["X"])
    with exmc.Model() as model:
        beta = exmc.Normal("beta", 0, 10, shape=x.shape[1])
        sigma = exmc.HalfNormal("sigma", 10)
        exmc.Normal("y", x @ beta, sigma, observed=np.array(data["y"]))
    return model, lambda p: named(p, beta="beta", sigma="sigma")


def ark(data: dict[str, Any]) -> Built:
    order, y = data["K"], np.array(data["y"])
    lags = np.stack([y[order - k : len(y) - k] for k in range(1, order + 1)], axis=1)
    with exmc.Model() as model:
        alpha = exmc.Normal("alpha", 0, 10)
        beta = exmc.Normal("beta", 0, 10, shape=order)
        sigma = exmc.HalfCauchy("sigma", 2.5)
        exmc.Normal("y", alpha + lags @ beta, sigma, observed=y[order:])
    return model, lambda p: named(p, alpha="alpha", beta="beta", sigma="sigma")


def logmesquite(data: dict[str, Any]) -> Built:
    measured = ("diam1", "diam2", "canopy_height", "total_height", "density")
    columns = [np.ones(data["N"]), *(np.log(data[name]) for name in measured)]
    x = np.stack([*columns, np.array(data["group"], dtype=float)], axis=1)
    with exmc.Model() as model:
        beta = exmc.Flat("beta", shape=x.shape[1])
        sigma = exmc.HalfFlat("sigma")
        exmc.Normal("log_weight", x @ beta, sigma, observed=np.log(data["weight"]))
    return model, lambda p: named(p, beta="beta", sigma="sigma")
