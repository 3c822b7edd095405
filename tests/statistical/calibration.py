"""Simulation-based calibration: many small posteriors as one vector model.

A parameter drawn from its prior is, given the data it produced, a draw from its
posterior. So its rank among posterior draws is uniform on 0 .. RANKED (Talts et al.
2018, arXiv 1804.06788). Each replicate is one entry of a vector, hence one chain
serves all of them; the chain starts at the true values, which is in equilibrium.

Machine code simulates ten times as many replicates as Python.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from scipy.stats import chi2

import exmc
from exmc.numerics.random import DRAW, Stream
from exmc.sampler import ChainSettings
from tests.statistical.engines import Speed, chain_on

if TYPE_CHECKING:
    from exmc.compiler import CompiledModel
    from exmc.typing import Array, Vector

FALSE_ALARM = 1e-6
REPLICATES: dict[Speed, int] = {"native": 4000, "numpy": 400}
RANKED = 49
THINNING = 3
SETTINGS = ChainSettings(tune=120, draws=RANKED * THINNING)
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


def simulate(
    row: Row, replicates: int, stream: Stream
) -> tuple[dict[str, Vector], Vector]:
    """Draw the parameters of every replicate, and the data that they produce."""
    truth, parameters = {}, dict[str, Any](row.parameters)
    if row.centre is not None:
        truth["centre"] = parameters[row.centre] = stream.normals(replicates)
    prior = getattr(exmc, row.prior).dist(**parameters)
    theta = truth["theta"] = prior.draw(stream, (replicates,))
    if row.counts is None:
        return truth, LINKS[row.link](theta) + row.noise * stream.normals(replicates)
    family, given, others = row.counts
    likelihood = getattr(exmc, family).dist(**{given: theta}, **others)
    return truth, likelihood.draw(stream, (replicates,))


def model_of(row: Row, data: Vector) -> exmc.Model:
    """Write the model that the data came from, unless `assumed` says otherwise."""
    size = len(data)
    with exmc.Model() as model:
        parameters: dict[str, Any] = {**row.parameters, **row.assumed}
        if row.centre is not None:
            parameters[row.centre] = exmc.Normal("centre", 0.0, 1.0, shape=size)
        options = {} if row.transform is None else {"transform": row.transform}
        prior = getattr(exmc, row.prior)
        theta = prior("theta", **parameters, shape=size, **options)
        if row.counts is None:
            exmc.Normal("y", LINKS[row.link](theta), row.noise, observed=data)
        else:
            family, given, others = row.counts
            getattr(exmc, family)("y", **{given: theta}, **others, observed=data)
    return model


def ranks(row: Row, speed: Speed, seed: int = 1) -> dict[str, Vector]:
    """For each variable, how many of RANKED posterior draws lie below the truth."""
    stream = Stream.keyed(seed, 0, DRAW)
    truth, data = simulate(row, REPLICATES[speed], stream)
    model = model_of(row, data).compile(
        noncentered=row.centre is not None, backend=speed
    )
    drawn = thinned(model, truth, seed)
    return {name: np.sum(drawn[name] < true, axis=0) for name, true in truth.items()}


def thinned(
    model: CompiledModel, truth: dict[str, Vector], seed: int
) -> dict[str, Array]:
    """Every THINNING-th draw of each variable, shape (RANKED, replicates)."""
    initial = model.unconstrain(truth)
    chain = chain_on(model, SETTINGS, seed, initial=initial)
    chain.advance(SETTINGS.tune)
    rows = chain.advance(SETTINGS.draws)[THINNING - 1 :: THINNING]
    return {name: rows[:, model.schema.columns_of(name)] for name in truth}


def surprise(below: Vector) -> float:
    """Chi-square of the ranks, as a share of what chance exceeds once in 10**6."""
    observed = np.histogram(below, BINS, (0, RANKED + 1))[0]
    expected = len(below) / BINS
    statistic = np.sum((observed - expected) ** 2) / expected
    return float(statistic / chi2.isf(FALSE_ALARM, BINS - 1))
