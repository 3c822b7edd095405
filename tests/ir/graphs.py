"""Small graphs for the tests of ir, rewrite and compiler."""

from __future__ import annotations

from typing import Any

import numpy as np

from exmc.ir.construct import constant, op
from exmc.ir.expression import DataRef, Expression, VariableRef
from exmc.ir.graph import ModelGraph
from exmc.ir.node import (
    Data,
    Deterministic,
    FreeVariable,
    Observation,
    PotentialTerm,
)
from exmc.model import (
    Beta,
    Exponential,
    Gamma,
    HalfCauchy,
    HalfNormal,
    Laplace,
    LogNormal,
    Model,
    Normal,
    Poisson,
    StudentT,
    Uniform,
)
from exmc.model import Data as DataOf
from exmc.model import Deterministic as DeterministicOf
from exmc.model import Potential as PotentialOf

Y = np.array([28.0, 8, -3, 7, -1, 1, 18, 12])
SE = np.array([15.0, 10, 16, 11, 9, 11, 10, 18])


def eight_schools() -> ModelGraph:
    with Model(coords={"school": list("ABCDEFGH")}) as model:
        mu = Normal("mu", 0, 5)
        tau = HalfCauchy("tau", 5)
        theta = Normal("theta", mu, tau, dims="school")
        Normal("y", theta, SE, observed=Y, dims="school")
    return model.graph


def far_parents() -> ModelGraph:
    """Every parent is named by a string and lies far from one."""
    with Model() as model:
        HalfNormal("scale", 1000.0)
        Exponential("rate", "scale")
        LogNormal("size", 5.0, "rate")
        Uniform("upper", 100.0, 400.0)
        Uniform("inside", -3.0, "upper")
        Gamma("wait", "size", "rate")
        Normal("y", "inside", "scale", observed=Y)
    return model.graph


def everything() -> ModelGraph:
    """All kinds of nodes and arguments that a user can write."""
    with Model(coords={"group": ["a", "b", "c"]}) as model:
        x = DataOf("x", np.linspace(-1.0, 2.0, 8))
        which = DataOf("which", [0, 1, 2, 0, 1, 2, 0, 1])
        mu = Normal("mu", 1.0, 2.0, initval=0.5)
        spread = HalfNormal("spread", 3.0, transform="softplus")
        a = Normal("a", mu, spread, dims="group")
        b = StudentT("b", 4.0, mu, np.exp(mu), shape=(2, 3))
        p = Beta("p", 2.0, 3.0)
        slope = DeterministicOf("slope", np.where(mu > 0, a.sum(), b[0, ::2].mean()))
        eta = a[which] + slope * x + np.concatenate([b[0], b[1], np.stack([p, mu])])
        Normal("y", eta, spread, observed=Y)
        Poisson("counts", np.exp(p), observed=[1, 0, 3])
        PotentialOf("smooth", -np.square(np.diff(a)) / 2.0)
        Laplace("seen", a, 2.0, observed=x[1:4], dims="group")
    return model.graph


def graph_of(*nodes: Any, **coords: tuple[str, ...]) -> ModelGraph:
    return ModelGraph(tuple(nodes), coords)


def normal(
    name: str, mu: Expression | float, sigma: Expression | float, **rest: Any
) -> FreeVariable:
    parameters = {"mu": as_expression(mu), "sigma": as_expression(sigma)}
    return FreeVariable(name, "Normal", parameters, **rest)


def seen(name: str, mu: Expression | float, values: object) -> Observation:
    value = constant(values)
    parameters = {"mu": as_expression(mu), "sigma": constant(1.0)}
    return Observation(name, "Normal", parameters, value, value.shape)


def as_expression(value: Expression | float) -> Expression:
    return constant(value) if isinstance(value, float) else value


POINTS: dict[str, dict[str, Any]] = {
    "eight_schools": {"mu": 4.5, "tau": 3.25, "theta": Y / 4.0 + 1.0},
    "far_parents": {
        "scale": 700.0,
        "rate": 0.003,
        "size": 150.0,
        "upper": 250.0,
        "inside": 37.0,
        "wait": 41_000.0,
    },
    "everything": {
        "mu": 0.7,
        "spread": 2.3,
        "a": np.array([0.1, -1.4, 2.2]),
        "b": np.array([[0.3, 5.0, -2.0], [1.0, 0.0, 0.5]]),
        "p": 0.4,
    },
}
"""A point in the user's own units for each graph."""

MAKERS = {
    "eight_schools": eight_schools,
    "everything": everything,
    "far_parents": far_parents,
}

__all__ = [
    "MAKERS",
    "POINTS",
    "SE",
    "Data",
    "DataRef",
    "Deterministic",
    "PotentialTerm",
    "VariableRef",
    "Y",
    "as_expression",
    "constant",
    "eight_schools",
    "everything",
    "far_parents",
    "graph_of",
    "normal",
    "op",
    "seen",
]
