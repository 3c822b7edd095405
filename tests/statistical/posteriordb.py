"""Posteriors with reference draws (posteriordb), and how a sample is judged by them.

The folder is named by the environment variable EXMC_POSTERIORDB; the models are those
of tests/plain/posteriors.py.

Tolerance: every mean within 5 combined Monte Carlo standard errors and within 0.08
reference standard deviations; every standard deviation within 5 combined Monte
Carlo errors and, for a near-normal marginal, within 6 %. The relative Monte Carlo
error of a standard deviation is sqrt((kurtosis - 1) / (4 ESS of the squared
deviations)).
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from exmc.diagnostics import ess
from exmc.typing import Array

MOST_ERRORS = 5.0
MOST_MEAN = 0.08
MOST_SD = 0.06
REFERENCE_DRAWS = 10_000


@dataclass(frozen=True)
class Reference:
    """What posteriordb knows of one parameter."""

    mean: float
    sd: float


@dataclass(frozen=True)
class Verdict:
    """One parameter beside its reference.

    Attributes:
        name: posteriordb's name, counted from 1.
        mean_error: Distance of the means in reference standard deviations.
        mean_errors: The same in combined Monte Carlo standard errors.
        sd_ratio: Our standard deviation over the reference's.
        sd_errors: Its distance from 1 in combined Monte Carlo errors.
        near_normal: Whether the kurtosis is within 0.5 of 3.
        least_ess: Of bulk, tail and squared deviations.
    """

    name: str
    mean_error: float
    mean_errors: float
    sd_ratio: float
    sd_errors: float
    near_normal: bool
    least_ess: float

    @property
    def good(self) -> bool:
        """Whether the parameter is within the tolerance."""
        return (
            self.mean_errors < MOST_ERRORS
            and self.mean_error < MOST_MEAN
            and self.sd_errors < MOST_ERRORS
            and (not self.near_normal or abs(self.sd_ratio - 1) < MOST_SD)
        )


def load(name: str) -> tuple[dict[str, Any], dict[str, Reference]]:
    """Return a posterior's data and reference; skip, saying so, without the folder."""
    folder = os.environ.get("EXMC_POSTERIORDB")
    if not folder:
        pytest.skip("EXMC_POSTERIORDB is not set: name the folder with the posteriors")
    content = json.loads((Path(folder) / f"{name}.json").read_text())
    reference = {
        key: Reference(value["mean"], value["sd"])
        for key, value in content["reference"].items()
    }
    return content["data"], reference


def draws_of(draws: Mapping[str, Array], name: str) -> Array:
    """Return the draws, shape (chain, draw), of posteriordb's `mu` or `beta[1]`."""
    found = re.fullmatch(r"(\w+)(?:\[(\d+)\])?", name)
    assert found is not None, name
    values: Array = draws[found[1]]
    return values if found[2] is None else values[:, :, int(found[2]) - 1]


def verdict(name: str, draws: Array, reference: Reference) -> Verdict:
    """Judge one parameter from draws of shape (chain, draw)."""
    mean, sd = draws.mean(), draws.std(ddof=1)
    kurtosis = np.mean((draws - mean) ** 4) / draws.var() ** 2
    ess_mean, ess_sq = ess(draws, kind="mean"), ess(draws, kind="sd")
    spread = sqrt((kurtosis - 1) / 4)
    mean_mcse = sqrt(sd**2 / ess_mean + reference.sd**2 / REFERENCE_DRAWS)
    sd_mcse = spread * sqrt(1 / ess_sq + 1 / REFERENCE_DRAWS)
    ratio = sd / reference.sd
    return Verdict(
        name,
        mean_error=abs(mean - reference.mean) / reference.sd,
        mean_errors=abs(mean - reference.mean) / mean_mcse,
        sd_ratio=ratio,
        sd_errors=abs(ratio - 1) / sd_mcse,
        near_normal=bool(abs(kurtosis - 3) < 0.5),
        least_ess=min(ess(draws, kind="bulk"), ess(draws, kind="tail"), ess_sq),
    )
