"""Effective sample size: how many independent draws would do as well.

Vehtari, Gelman, Simpson, Carpenter, Buerkner (2021), "Rank-normalization,
folding, and localization: an improved R-hat", Bayesian Analysis 16(2), sec. 3.2
and 4; the autocorrelation is cut by Geyer's initial monotone sequence (1992).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias, assert_never

import numpy as np

from exmc.diagnostics.chains import (
    as_chains,
    can_be_judged,
    is_constant,
    rank_normalised,
    split,
)
from exmc.errors import OptionError
from exmc.numerics.guards import all_finite

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from exmc.typing import Matrix, Vector

Estimand: TypeAlias = (
    Literal["bulk", "tail", "mean", "sd"] | tuple[Literal["quantile"], float]
)
"""What the draws are to estimate."""


def ess(draws: ArrayLike, kind: Estimand = "bulk") -> float:
    """Return the effective sample size of all chains together, in draws.

    Args:
        draws: Shape (chain, draw).
        kind: "bulk", after rank normalisation; "tail", the smaller one of the 5 %
            and the 95 % quantile; "mean"; "sd", that of the squared deviation
            from the mean; or ("quantile", p).

    Returns:
        At most the number of draws times its decimal logarithm: antithetic draws
        are worth more than independent ones. The number of draws when they are
        all the same. NaN when a draw is NaN, when a chain has fewer than 4, and
        when the mean or its variance is not finite.

    Raises:
        OptionError: The kind is not one of these, or the shape is another.
    """
    _check(kind)
    chains = as_chains(draws)
    if not can_be_judged(chains):
        return np.nan
    with np.errstate(all="ignore"):
        smallest: float = np.min([_ess_of_mean(x) for x in _relevant(chains, kind)])
    return smallest


def _check(kind: Estimand) -> None:
    match kind:
        case "bulk" | "tail" | "mean" | "sd":
            return
        case ("quantile", probability) if 0 <= probability <= 1:
            return
        case _:
            message = (
                f"Kind must be 'bulk', 'tail', 'mean', 'sd' or ('quantile', p) with p "
                f"between 0 and 1, got {kind!r}."
            )
            raise OptionError(message)


def _relevant(chains: Matrix, kind: Estimand) -> list[Matrix]:
    """Give what must be averaged well for the estimate to be good, chains split."""
    match kind:
        case "bulk":
            return [rank_normalised(split(chains))]
        case "mean":
            return [split(chains)]
        case "sd":
            return [split((chains - chains.mean()) ** 2)]
        case "tail":
            return [_below(chains, 0.05), _below(chains, 0.95)]
        case ("quantile", probability):
            return [_below(chains, probability)]
        case _:
            assert_never(kind)


def _below(chains: Matrix, probability: float) -> Matrix:
    indicator = chains <= np.quantile(chains, probability)
    return split(indicator.astype(np.float64))


def _ess_of_mean(chains: Matrix) -> float:
    """Return the effective sample size for the mean of these chains, as they are."""
    if is_constant(chains):
        return chains.size
    correlation = _autocorrelation(chains)
    if not all_finite(correlation):
        return np.nan
    time = _integrated_time(correlation)
    size: float = chains.size / np.maximum(time, 1 / np.log10(chains.size))
    return size


def _autocorrelation(chains: Matrix) -> Vector:
    """Return the autocorrelation at each lag, shape (draw,), chains combined.

    Vehtari et al. 2021, eq. 10: chains that disagree look correlated. The
    autocovariances are averaged before they leave the frequency domain.
    """
    draws = chains.shape[1]
    means = chains.mean(axis=1, keepdims=True)
    padded = 1 << (2 * draws - 1).bit_length()
    spectrum = np.fft.rfft(chains - means, padded)
    power = (spectrum.real**2 + spectrum.imag**2).mean(axis=0)
    covariance = np.fft.irfft(power, padded)[:draws] / draws
    within = covariance[0] * draws / (draws - 1)
    between = means.var(ddof=1) if len(chains) > 1 else 0.0
    correlation: Vector = 1 - (within - covariance) / (covariance[0] + between)
    correlation[0] = 1.0
    return correlation


def _integrated_time(correlation: Vector) -> float:
    """Return -1 + 2 sum of autocorrelations, up to where noise takes over.

    Geyer 1992, sec. 3.3: the sums of neighbouring pairs are positive and fall; the
    sum ends at the first pair that is not positive, and each pair is held at the
    smallest before it. Of the pair that ends it, the even lag counts once
    (Vehtari et al. 2021, appendix).
    """
    pairs = correlation[: 2 * max(1, (len(correlation) - 1) // 2)].reshape(-1, 2)
    sums = pairs.sum(axis=1)
    ended = np.flatnonzero(~(sums > 0))
    last = ended[0] if len(ended) else len(sums) - 1
    even = pairs[last, 0]
    rest = even if even > 0 or sums[last] >= 0 else 0.0
    time: float = -1 + 2 * np.minimum.accumulate(sums[:last]).sum() + rest
    return time
