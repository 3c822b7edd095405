"""Each family of the modelling language, as a user calls it and outside a model."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from exmc import distributions as own
from exmc import model as face


@dataclass(frozen=True)
class Row:
    """Arguments after the name, and the distribution they must mean."""

    face: Callable[..., Any]
    means: object
    given: tuple[Any, ...] = ()
    named: dict[str, Any] = field(default_factory=dict)


CONTINUOUS = [
    Row(face.Flat, own.Flat()),
    Row(face.HalfFlat, own.HalfFlat()),
    Row(face.Normal, own.Normal(0.0, 1.0)),
    Row(face.Normal, own.Normal(2.0, 3.0), (2.0, 3.0)),
    Row(face.Normal, own.Normal(2.0, 0.5), (2.0,), {"tau": 4.0}),
    Row(face.HalfNormal, own.HalfNormal(1.0)),
    Row(face.HalfNormal, own.HalfNormal(3.0), (3.0,)),
    Row(face.HalfNormal, own.HalfNormal(0.5), (), {"tau": 4.0}),
    Row(face.LogNormal, own.LogNormal(0.0, 1.0)),
    Row(face.LogNormal, own.LogNormal(2.0, 3.0), (2.0, 3.0)),
    Row(face.LogNormal, own.LogNormal(2.0, 0.5), (2.0,), {"tau": 4.0}),
    Row(face.Cauchy, own.Cauchy(2.0, 3.0), (2.0, 3.0)),
    Row(face.HalfCauchy, own.HalfCauchy(3.0), (3.0,)),
    Row(face.StudentT, own.StudentT(4.0, 2.0, 3.0), (4.0, 2.0, 3.0)),
    Row(face.StudentT, own.StudentT(4.0, 0.0, 1.0), (4.0,)),
    Row(face.StudentT, own.StudentT(4.0, 0.0, 0.5), (4.0,), {"lam": 4.0}),
    Row(face.HalfStudentT, own.HalfStudentT(4.0, 3.0), (4.0, 3.0)),
    Row(face.HalfStudentT, own.HalfStudentT(4.0, 0.5), (4.0,), {"lam": 4.0}),
    Row(face.Exponential, own.Exponential(3.0), (3.0,)),
    Row(face.Exponential, own.Exponential(0.5), (), {"scale": 2.0}),
    Row(face.Gamma, own.Gamma(2.0, 3.0), (2.0, 3.0)),
    Row(face.Gamma, own.Gamma(4.0, 2.0), (), {"mu": 2.0, "sigma": 1.0}),
    Row(face.Beta, own.Beta(2.0, 3.0), (2.0, 3.0)),
    Row(face.Beta, own.Beta(2.0, 2.0), (), {"mu": 0.5, "nu": 4.0}),
    Row(face.Uniform, own.Uniform(0.0, 1.0)),
    Row(face.Uniform, own.Uniform(2.0, 3.0), (2.0, 3.0)),
    Row(face.Laplace, own.Laplace(2.0, 3.0), (2.0, 3.0)),
]

DISCRETE = [
    Row(face.Bernoulli, own.Bernoulli(0.25), (0.25,)),
    Row(face.Bernoulli, own.Bernoulli(logit_p=0.5), (), {"logit_p": 0.5}),
    Row(face.Binomial, own.Binomial(7, 0.25), (7, 0.25)),
    Row(face.Binomial, own.Binomial(7, logit_p=0.5), (7,), {"logit_p": 0.5}),
    Row(face.Poisson, own.Poisson(3.0), (3.0,)),
]


def meant_by(row: Row, **options: Any) -> object:
    """What the node that a row declares means, as a distribution."""
    with face.Model() as model:
        face.Normal("any")
        row.face("x", *row.given, **row.named, **options)
    node: Any = model.graph.node("x")
    values = {key: p.value.tolist() for key, p in node.parameters.items()}
    return own.FAMILIES[node.family](**values)
