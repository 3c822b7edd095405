"""exmc: Bayesian inference as a supervised, live service.

Names are loaded when they are first used: `import exmc` alone loads neither numpy
nor the sampler.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from exmc.version import __version__

if TYPE_CHECKING:
    from exmc.errors import ExmcError, ModelError, OptionError, SamplingError
    from exmc.inference import sample, sample_logp, start
    from exmc.model import (
        Bernoulli,
        Beta,
        Binomial,
        Cauchy,
        Data,
        Deterministic,
        Exponential,
        Flat,
        Gamma,
        HalfCauchy,
        HalfFlat,
        HalfNormal,
        HalfStudentT,
        Laplace,
        LogNormal,
        Model,
        Normal,
        Poisson,
        Potential,
        StudentT,
        Uniform,
        load_model,
    )
    from exmc.posterior import Posterior
    from exmc.run import Batch, Run, Status

_HOMES = {
    "exmc.errors": ("ExmcError", "ModelError", "OptionError", "SamplingError"),
    "exmc.inference": ("sample", "sample_logp", "start"),
    "exmc.model": (
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
        "StudentT",
        "Uniform",
        "load_model",
    ),
    "exmc.posterior": ("Posterior",),
    "exmc.run": ("Batch", "Run", "Status"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "Batch",
    "Bernoulli",
    "Beta",
    "Binomial",
    "Cauchy",
    "Data",
    "Deterministic",
    "ExmcError",
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
    "ModelError",
    "Normal",
    "OptionError",
    "Poisson",
    "Posterior",
    "Potential",
    "Run",
    "SamplingError",
    "Status",
    "StudentT",
    "Uniform",
    "__version__",
    "load_model",
    "sample",
    "sample_logp",
    "start",
]


def __getattr__(name: str) -> object:
    if name not in _HOME_OF:
        message = f"module 'exmc' has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(importlib.import_module(_HOME_OF[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
