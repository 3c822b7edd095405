"""Draws of the gamma distribution by rejection, and what is built on them.

Words are read in rounds: each round serves, in order, the entries that are still
without a number, so the answer depends only on the stream and the parameters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from exmc.numerics.random import Stream
    from exmc.typing import Array


def log_gamma_draws(stream: Stream, alpha: Array) -> Array:
    """Draw logarithms of Gamma(alpha, 1), in the shape of alpha.

    Marsaglia & Tsang 2000, A simple method for generating gamma variables, sec. 4
    and 6: a shape below 1 is drawn as Gamma(alpha + 1) times U^(1 / alpha), which in
    logarithms does not underflow. At least 95 % of the proposals are accepted.
    A shape that is not positive and finite gives NaN.
    """
    flat = np.array(alpha, dtype=np.float64).ravel()
    flat[~((flat > 0.0) & np.isfinite(flat))] = np.nan
    small = flat < 1.0
    answer = _log_of_large_shapes(stream, np.where(small, flat + 1.0, flat))
    boost = np.log(stream.uniforms(int(small.sum())))
    answer[small] += boost / flat[small]
    return answer.reshape(np.shape(alpha))


def _log_of_large_shapes(stream: Stream, alpha: Array) -> Array:
    d = alpha - 1.0 / 3.0
    c = 1.0 / np.sqrt(9.0 * d)
    answer = np.full_like(d, np.nan)
    waiting = np.flatnonzero(~np.isnan(d))
    while waiting.size:
        x = stream.normals(waiting.size)
        log_u = np.log(stream.uniforms(waiting.size))
        dd = d[waiting]
        root = 1.0 + c[waiting] * x
        log_v = 3.0 * np.log(np.where(root > 0.0, root, np.nan))
        accepted = log_u < 0.5 * x * x + dd * (1.0 - np.exp(log_v) + log_v)
        answer[waiting[accepted]] = (np.log(dd) + log_v)[accepted]
        waiting = waiting[~accepted]
    return answer


def standard_t(stream: Stream, nu: Array) -> Array:
    """Draw Student's t with nu degrees of freedom, in the shape of nu."""
    nu = np.asarray(nu, dtype=np.float64)
    normal = stream.normals(nu.size).reshape(nu.shape)
    half = 0.5 * nu
    return normal * np.exp(0.5 * (np.log(half) - log_gamma_draws(stream, half)))
