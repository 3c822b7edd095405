"""Monte Carlo standard errors: how far an estimate is from infinitely many draws."""

from __future__ import annotations

from math import ceil, floor
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

import numpy as np

from exmc.diagnostics.chains import as_chains, can_be_judged
from exmc.diagnostics.ess import ess
from exmc.errors import OptionError
from exmc.numerics.special import xlog1py, xlogy

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from exmc.typing import Matrix, Vector

Estimate: TypeAlias = Literal["mean", "sd"] | tuple[Literal["quantile"], float]

_ONE_SIGMA: Final = (0.15865525393145707, 0.8413447460685429)
"""What the normal distribution has below -1 and below 1."""


def mcse(draws: ArrayLike, kind: Estimate = "mean") -> float:
    """Return the Monte Carlo standard error of an estimate, in the draws' unit.

    Args:
        draws: Shape (chain, draw).
        kind: "mean"; "sd", by the delta method from the fourth moment (Kenney and
            Keeping 1951, p. 141) and the effective sample size of the squared
            deviations; or ("quantile", p), half the width of the interval that
            has it with the probability of one sigma (Vehtari et al. 2021, 4.4).

    Returns:
        NaN when a draw is NaN or a chain has fewer than 4.

    Raises:
        OptionError: The kind is not one of these, or the shape is another.
    """
    chains = as_chains(draws)
    match kind:
        case "mean":
            return _of_mean(chains)
        case "sd":
            return _of_sd(chains)
        case ("quantile", probability) if 0 <= probability <= 1:
            return _of_quantile(chains, probability)
        case _:
            message = (
                f"Kind must be 'mean', 'sd' or ('quantile', p) with p between 0 and 1, "
                f"got {kind!r}."
            )
            raise OptionError(message)


def _of_mean(chains: Matrix) -> float:
    if not can_be_judged(chains):
        return np.nan
    with np.errstate(all="ignore"):
        error: float = chains.std(ddof=1) / np.sqrt(ess(chains, "mean"))
    return error


def _of_sd(chains: Matrix) -> float:
    if not can_be_judged(chains):
        return np.nan
    with np.errstate(all="ignore"):
        squares = (chains - chains.mean()) ** 2
        variance = squares.mean()
        error: float = np.sqrt(squares.var() / ess(chains, "sd") / variance / 4)
    return error


def _of_quantile(chains: Matrix, probability: float) -> float:
    size = ess(chains, ("quantile", probability))
    if np.isnan(size):
        return np.nan
    a, b = size * probability + 1, size * (1 - probability) + 1
    low, high = (_beta_quantiles(a, b) * chains.size - 1).tolist()
    ends = [floor(max(low, 0)), ceil(min(high, chains.size - 1))]
    lower, upper = np.sort(chains, axis=None)[ends].tolist()
    half_width: float = (upper - lower) / 2
    return half_width


def _beta_quantiles(a: float, b: float) -> Vector:
    """Return the one-sigma quantiles of Beta(a, b), a and b at least 1, shape (2,).

    By the trapezoid rule on the density; error below 1e-6 standard deviations.
    """
    mean = a / (a + b)
    sd = np.sqrt(mean * (1 - mean) / (a + b + 1))
    x = np.linspace(max(0.0, mean - 30 * sd), min(1.0, mean + 30 * sd), 30_001)
    log_density = xlogy(a - 1, x) + xlog1py(b - 1, -x)
    density = np.exp(log_density - log_density.max())
    below = np.concatenate([[0.0], np.cumsum(density[1:] + density[:-1])])
    quantiles: Vector = np.interp(np.multiply(_ONE_SIGMA, below[-1]), below, x)
    return quantiles
