"""`exmc demo`: the eight schools (Rubin 1981; Gelman et al. 2013, section 5.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exmc.cli.report import sample_and_report
from exmc.model import HalfCauchy, Model, Normal

if TYPE_CHECKING:
    from argparse import Namespace

EFFECTS = [28.0, 8.0, -3.0, 7.0, -1.0, 1.0, 18.0, 12.0]
"""Estimated effect of coaching in each school, points of the test."""

ERRORS = [15.0, 10.0, 16.0, 11.0, 9.0, 11.0, 10.0, 18.0]
"""Standard error of each estimate, same unit."""


def eight_schools() -> Model:
    """How much does coaching help, in each of eight schools?"""
    with Model(coords={"school": list("ABCDEFGH")}) as model:
        mu = Normal("mu", 0, 5)
        tau = HalfCauchy("tau", 5)
        theta = Normal("theta", mu, tau, dims="school")
        Normal("y", theta, ERRORS, observed=EFFECTS, dims="school")
    return model


def demo(options: Namespace) -> int:
    """Sample the eight schools, non-centred, and print the summary.

    The steps are shorter than usual: the neck at tau = 0 is narrow even so.
    """
    options.noncentered = True
    if options.target_accept is None:
        options.target_accept = 0.9
    return sample_and_report(eight_schools(), options)
