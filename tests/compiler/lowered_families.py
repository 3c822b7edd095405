"""One model a family: as a variable and as data, its parameters known and not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from exmc import model as face
from exmc.model import Model

Named = dict[str, Any]

CONTINUOUS: dict[Callable[..., Any], Named] = {
    face.Beta: {"alpha": 2.0, "beta": 3.0},
    face.Cauchy: {"alpha": 0.5, "beta": 2.0},
    face.Exponential: {"lam": 2.0},
    face.Flat: {},
    face.Gamma: {"alpha": 2.0, "beta": 3.0},
    face.HalfCauchy: {"beta": 2.0},
    face.HalfFlat: {},
    face.HalfNormal: {"sigma": 2.0},
    face.HalfStudentT: {"nu": 4.0, "sigma": 2.0},
    face.Laplace: {"mu": 0.5, "b": 2.0},
    face.LogNormal: {"mu": 0.5, "sigma": 2.0},
    face.Normal: {"mu": 0.5, "sigma": 2.0},
    face.StudentT: {"nu": 4.0, "mu": 0.5, "sigma": 2.0},
    face.Uniform: {"lower": 0.0, "upper": 4.0},
}
"""By name in the language: parameters, of which each is made unknown in turn."""

DISCRETE: dict[Callable[..., Any], list[Named]] = {
    face.Bernoulli: [{"p": 0.3}, {"logit_p": 0.3}],
    face.Binomial: [{"n": 4, "p": 0.3}, {"n": 4, "logit_p": 0.3}],
    face.Poisson: [{"mu": 2.0}],
}

SEEN = np.array([0.2, 0.5, 0.9])
COUNTS = np.array([0, 1, 1])


def _unknown(name: str) -> Any:
    """A variable where a parameter may be."""
    if name == "p":
        return face.Beta(f"{name}_of", 2.0, 2.0)
    if name in {"mu", "logit_p", "lower"}:
        return face.Normal(f"{name}_of", 0.0, 0.1) - (name == "lower")
    if name == "upper":
        return 2.0 + face.Exponential(f"{name}_of", 1.0)
    return face.Exponential(f"{name}_of", 1.0)


def _with_unknown(named: Named) -> Named:
    return {k: v if k == "n" else _unknown(k) for k, v in named.items()}


def _model(family: Callable[..., Any], named: Named, **more: Any) -> Model:
    with Model() as model:
        family("x", **named, **more)
        face.Normal("unrelated", shape=2)
    return model


def _unknown_model(family: Callable[..., Any], named: Named, **more: Any) -> Model:
    with Model() as model:
        family("x", **_with_unknown(named), **more)
        face.Normal("unrelated", shape=2)
    return model


def models() -> dict[str, Model]:
    """Every model of the table, by a name for the test."""
    made: dict[str, Model] = {}
    for family, named in CONTINUOUS.items():
        name = family.__name__
        made[f"{name} as a variable"] = _model(family, named, shape=3)
        unknown = _unknown_model(family, named, shape=3)
        made[f"{name} with unknown parameters"] = unknown
        if named:
            made[f"{name} as data"] = _unknown_model(family, named, observed=SEEN)
    for family, settings in DISCRETE.items():
        for named in settings:
            by = f"{family.__name__} by {', '.join(named)}"
            made[by] = _unknown_model(family, named, observed=COUNTS)
    return made
