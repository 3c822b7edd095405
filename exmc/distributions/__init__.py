"""Families of distributions, one file each, with PyMC's names and parameters."""

from __future__ import annotations

from exmc.distributions.bernoulli import Bernoulli
from exmc.distributions.beta import Beta
from exmc.distributions.binomial import Binomial
from exmc.distributions.cauchy import Cauchy
from exmc.distributions.distribution import Distribution
from exmc.distributions.exponential import Exponential
from exmc.distributions.flat import Flat
from exmc.distributions.gamma import Gamma
from exmc.distributions.half_cauchy import HalfCauchy
from exmc.distributions.half_flat import HalfFlat
from exmc.distributions.half_normal import HalfNormal
from exmc.distributions.half_student_t import HalfStudentT
from exmc.distributions.laplace import Laplace
from exmc.distributions.log_normal import LogNormal
from exmc.distributions.normal import Normal
from exmc.distributions.poisson import Poisson
from exmc.distributions.student_t import StudentT
from exmc.distributions.uniform import Uniform

FAMILIES: dict[str, type[Distribution]] = {
    family.__name__: family
    for family in (
        Flat,
        HalfFlat,
        Normal,
        HalfNormal,
        Cauchy,
        HalfCauchy,
        StudentT,
        HalfStudentT,
        Exponential,
        Gamma,
        Beta,
        Uniform,
        LogNormal,
        Laplace,
        Bernoulli,
        Binomial,
        Poisson,
    )
}
"""Every family by the name that a model file uses."""

__all__ = [
    "FAMILIES",
    "Bernoulli",
    "Beta",
    "Binomial",
    "Cauchy",
    "Distribution",
    "Exponential",
    "Flat",
    "Gamma",
    "HalfCauchy",
    "HalfFlat",
    "HalfNormal",
    "HalfStudentT",
    "Laplace",
    "LogNormal",
    "Normal",
    "Poisson",
    "StudentT",
    "Uniform",
]
