"""Simulation-based calibration: many small posteriors as one vector model.

A parameter drawn from its prior is, given the data it produced, a draw from its
posterior. So its rank among posterior draws is uniform on 0 .. RANKED (Talts et al.
2018, arXiv 1804.06788). Each replicate is one entry of a vector, hence one chain
serves all of them; the chain starts at the true values, which is in equilibrium.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from scipy.stats import chi2

import exmc
from exmc.numerics.random import DRAW, Stream
from exmc.sampler import ChainSettings, NutsChain

if TYPE_CHECKING:
    from exmc.typing import Vector

FALSE_ALARM = 1e-6
REPLICATES = 400
RANKED = 49
THINNING = 3
TUNE = 120
BINS = 10

LINKS: dict[str, Any] = {
    "identity": lambda x: x,
    "log": np.log,
    "logit": lambda x: np.log(x) - np.log(1.0 - x),
}


@dataclass(frozen=True)
class Row:
    """One prior, and what is observed of it.

    Attributes:
        prior: Name of the family in exmc.
        parameters: Of the prior; a parameter named in `centre` is added to them.
        link: Of the observation: y ~ Normal(link(theta), noise).
        noise: Standard deviation of the observation.
        transform: Instead of the family's own.
        centre: Name of a location parameter that is itself N(0, 1), and then the model
            is compiled non-centred.
        counts: A discrete family observed instead of the Normal: its name, the
            parameter that theta is, and other parameters.
        assumed: Parameters of the prior that the model has wrong, for a planted bias.
    """

    prior: str
    parameters: dict[str, float]
    link: Literal["identity", "log", "logit"] = "identity"
    noise: float = 1.0
    transform: str | None = None
    centre: str | None = None
    counts: tuple[str, str, dict[str, float]] | None = None
    assumed: dict[str, float] = field(default_factory=dict)

    @property
    def name(self) -> str:
        parts = [self.prior, self.transform, self.centre and "non-centred"]
        observed = self.counts and f"observed as {self.counts[0]}"
        return ", ".join(part for part in (*parts, observed) if part)


def simulate(row: Row, stream: Stream) -> tuple[dict[str, Vector], Vector]:
    """Draw the parameters of every replicate, and the data that they produce."""
    truth, parameters = {}, dict[str, Any](row.parameters)
    if row.centre is not None:
        truth["centre"] = parameters[row.centre] = stream.normals(REPLICATES)
    prior = getattr(exmc, row.prior).dist(**parameters)
    theta = truth["theta"] = prior.draw(stream, (REPLICATES,))
    if row.counts is None:
        return truth, LINKS[row.link](theta) + row.noise * stream.normals(REPLICATES)
    family, given, others = row.counts
    likelihood = getattr(exmc, family).dist(**{given: theta}, **others)
    return truth, likelihood.draw(stream, (REPLICATES,))


def model_of(row: Row, data: Vector) -> exmc.Model:
    """Write the model that the data came from, unless `assumed` says otherwise."""
    with exmc.Model() as model:
        parameters: dict[str, Any] = {**row.parameters, **row.assumed}
        if row.centre is not None:
            parameters[row.centre] = exmc.Normal("centre", 0.0, 1.0, shape=REPLICATES)
        options = {} if row.transform is None else {"transform": row.transform}
        prior = getattr(exmc, row.prior)
        theta = prior("theta", **parameters, shape=REPLICATES, **options)
        if row.counts is None:
            exmc.Normal("y", LINKS[row.link](theta), row.noise, observed=data)
        else:
            family, given, others = row.counts
            getattr(exmc, family)("y", **{given: theta}, **others, observed=data)
    return model


def ranks(row: Row, seed: int = 1) -> dict[str, Vector]:
    """For each variable, how many of RANKED posterior draws lie below the truth."""
    truth, data = simulate(row, Stream.keyed(seed, 0, DRAW))
    compiled = model_of(row, data).compile(noncentered=row.centre is not None)
    settings = ChainSettings(TUNE, RANKED * THINNING)
    initial = compiled.unconstrain(truth)
    chain = NutsChain(compiled.density, compiled.dim, settings, seed, 0, initial)
    chain.start()
    below = {name: np.zeros(REPLICATES) for name in truth}
    while not chain.done:
        record = chain.step()
        if record.phase == "draw" and record.index % THINNING == THINNING - 1:
            values = compiled.constrain(record.position)
            for name, true in truth.items():
                below[name] += values[name] < true
    return below


def surprise(below: Vector) -> float:
    """Chi-square of the ranks, as a share of what chance exceeds once in 10**6."""
    observed = np.histogram(below, BINS, (0, RANKED + 1))[0]
    expected = len(below) / BINS
    statistic = np.sum((observed - expected) ** 2) / expected
    return float(statistic / chi2.isf(FALSE_ALARM, BINS - 1))
