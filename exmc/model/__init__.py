"""The modelling language: what a person writes to describe a model."""

from __future__ import annotations

from exmc.model.continuous import (
    Beta,
    Cauchy,
    Exponential,
    Flat,
    Gamma,
    HalfCauchy,
    HalfFlat,
    HalfNormal,
    HalfStudentT,
    Laplace,
    LogNormal,
    Normal,
    StudentT,
    Uniform,
)
from exmc.model.discrete import Bernoulli, Binomial, Poisson
from exmc.model.function_model import model_of_logp
from exmc.model.model import Model, load_model
from exmc.model.symbolic import Symbolic
from exmc.model.terms import Data, Deterministic, Potential
from exmc.model.variable import RandomVariable

__all__ = [
    "Bernoulli",
    "Beta",
    "Binomial",
    "Cauchy",
    "Data",
    "Deterministic",
    "Exponential",
    "Flat",
    "Gamma",
    "HalfCauchy",
    "HalfFlat",
    "HalfNormal",
    "HalfStudentT",
    "Laplace",
    "LogNormal",
    "Model",
    "Normal",
    "Poisson",
    "Potential",
    "RandomVariable",
    "StudentT",
    "Symbolic",
    "Uniform",
    "load_model",
    "model_of_logp",
]
