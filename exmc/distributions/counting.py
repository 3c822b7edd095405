"""Draws of the Poisson and binomial distributions.

Small means by inversion, one word a number; large ones by transformed rejection,
two words a proposal. Words are read in rounds: each round serves, in order, the
entries that are still without a number.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from exmc.numerics.special import (
    HALF_LOG_2_PI,
    betaln,
    lgamma,
    stirling_remainder,
    xlog1py,
    xlogy,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from exmc.numerics.random import Stream
    from exmc.typing import Array, Vector

    Indices: TypeAlias = NDArray[np.intp]
    OfCount: TypeAlias = Callable[[Vector, Indices], Vector]

LARGE = 10.0
"""Poisson mean, or binomial n min(p, 1 - p), from which rejection takes over."""


@dataclass(frozen=True, slots=True)
class _Hat:
    """The table mountain that Hormann's rejection draws from, shape (n,) each."""

    centre: Vector
    a: Vector
    b: Vector
    scale: Vector


def poisson_draws(stream: Stream, mu: Array) -> Array:
    """Draw Poisson(mu), in the shape of mu, as float64 whole numbers.

    From a mean of 10 on: Hormann 1993, The transformed rejection method for
    generating Poisson random variables, algorithm PTRS without its squeeze.
    A mean that is negative or not finite gives NaN.
    """
    flat = np.asarray(mu, dtype=np.float64).ravel()
    answer = np.full_like(flat, np.nan)
    small, large = _split(flat)
    low, high = flat[small], flat[large]
    answer[small] = _invert(stream, np.exp(-low), lambda k, i: low[i] / (k + 1.0))
    b = 0.931 + 2.53 * np.sqrt(high)
    scale = 1.1239 + 1.1328 / (b - 3.4)
    answer[large] = _reject(
        stream,
        _Hat(high + 0.43, -0.059 + 0.02483 * b, b, scale),
        lambda k, i: _log_poisson(k, high[i]),
    )
    return answer.reshape(np.shape(mu))


def binomial_draws(stream: Stream, n: Array, p: Array) -> Array:
    """Draw Binomial(n, p), in their broadcast shape, as float64 whole numbers.

    From n min(p, 1 - p) = 10 on: Hormann 1993, The generation of binomial random
    variates, algorithm BTRS without its squeeze. Above p = 1/2 the zeros are drawn.
    Parameters outside their domains give NaN.
    """
    trials, chance = np.broadcast_arrays(np.asarray(n, np.float64), p)
    n_flat, p_flat = trials.ravel(), np.asarray(chance, np.float64).ravel()
    rare = np.minimum(p_flat, 1.0 - p_flat)
    answer = np.full_like(rare, np.nan)
    valid = (n_flat >= 0.0) & (rare >= 0.0)
    small, large = _split(np.where(valid, n_flat * np.abs(rare), np.nan))
    answer[small] = _few_ones(stream, n_flat[small], rare[small])
    answer[large] = _many_ones(stream, n_flat[large], rare[large])
    return np.where(p_flat > 0.5, n_flat - answer, answer).reshape(trials.shape)


def _split(mean: Vector) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Say which means are for inversion and which for rejection; NaN for neither."""
    large = (mean >= LARGE) & np.isfinite(mean)
    return (mean >= 0.0) & (mean < LARGE), large


def _few_ones(stream: Stream, n: Vector, p: Vector) -> Vector:
    odds = p / (1.0 - p)
    return _invert(
        stream,
        np.exp(n * np.log1p(-p)),
        lambda k, i: odds[i] * (n[i] - k) / (k + 1.0),
    )


def _many_ones(stream: Stream, n: Vector, p: Vector) -> Vector:
    deviation = np.sqrt(n * p * (1.0 - p))
    b = 1.15 + 2.53 * deviation
    hat = _Hat(
        n * p + 0.5,
        -0.0873 + 0.0248 * b + 0.01 * p,
        b,
        (2.83 + 5.1 / b) * deviation,
    )
    mode = np.floor((n + 1.0) * p)

    at_mode = _log_binomial(mode, n, p)
    return _reject(stream, hat, lambda k, i: _log_binomial(k, n[i], p[i]) - at_mode[i])


def _log_poisson(k: Vector, mu: Vector) -> Vector:
    """Log-probability of k; NaN below 0. No cancellation at large means.

    Above 8 as Loader 2000, Fast and accurate computation of binomial probabilities.
    """
    with np.errstate(all="ignore"):
        plain = xlogy(k, mu) - mu - lgamma(k + 1.0)
        spread = HALF_LOG_2_PI + 0.5 * np.log(k) + stirling_remainder(k)
        return np.where(k < 8.0, plain, -_deviance(k, mu) - spread)


def _log_binomial(k: Vector, n: Vector, p: Vector) -> Vector:
    """Log-probability of k; NaN outside 0..n. No cancellation at large means."""
    rest = n - k
    with np.errstate(all="ignore"):
        ways = -np.log1p(n) - betaln(rest + 1.0, k + 1.0)
        plain = ways + xlogy(k, p) + xlog1py(rest, -p)
        spread = HALF_LOG_2_PI + 0.5 * np.log(k * (rest / n))
        spread = spread + stirling_remainder(k) + stirling_remainder(rest)
        far = _deviance(k, n * p) + _deviance(rest, n - n * p)
        loader = stirling_remainder(n) - spread - far
    return np.where(np.minimum(k, rest) < 8.0, plain, loader)


def _deviance(x: Vector, mean: Vector) -> Vector:
    """X log(x / mean) - x + mean, with an error that shrinks as x nears the mean."""
    d = (mean - x) / x
    return x * (d - np.log1p(d))


def _invert(stream: Stream, at_zero: Vector, step: OfCount) -> Vector:
    """Walk up from zero until the CDF passes a uniform.

    Args:
        stream: One word a number.
        at_zero: Probability of zero, shape (n,).
        step: Gives probability(k + 1) / probability(k) for counts k at indices i.
    """
    left = stream.uniforms(at_zero.size) - at_zero
    counts, probability = np.zeros_like(at_zero), at_zero.copy()
    walking = np.flatnonzero(left > 0.0)
    while walking.size:
        probability[walking] *= step(counts[walking], walking)
        counts[walking] += 1.0
        left[walking] -= probability[walking]
        # A uniform above the rounded total of the CDF stops where nothing is left.
        going = (left[walking] > 0.0) & (probability[walking] > 0.0)
        walking = walking[going]
    return counts


def _reject(stream: Stream, hat: _Hat, log_target: OfCount) -> Vector:
    """Accept counts k = floor((2 a / s + b) u + centre), s = 1/2 - |u|, by the ratio.

    Args:
        stream: Two words a proposal.
        hat: Its constants, shape (n,) each.
        log_target: Log of the target that the hat covers, for counts k at indices i;
            -inf or NaN outside the support.
    """
    answer = np.empty_like(hat.b)
    waiting = np.arange(hat.b.size)
    while waiting.size:
        u = stream.uniforms(waiting.size) - 0.5
        v = stream.uniforms(waiting.size)
        a, b = hat.a[waiting], hat.b[waiting]
        s = 0.5 - np.abs(u)
        k = np.floor((2.0 * a / s + b) * u + hat.centre[waiting])
        height = np.log(v * hat.scale[waiting] / (a / (s * s) + b))
        accepted = height <= log_target(k, waiting)
        answer[waiting[accepted]] = k[accepted]
        waiting = waiting[~accepted]
    return answer
