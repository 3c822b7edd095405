"""Rules of the log-densities of autograd.scipy.stats."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from exmc.gradient.lowering.factorisations import log_det
from exmc.gradient.lowering.special import HALF_LOG_2_PI, LOG_PI, SQRT_2, betaln

if TYPE_CHECKING:
    from collections.abc import Callable

    from exmc.gradient.lowering.lowering import Given, Lowering
    from exmc.gradient.lowering.table import Rule, Rules
    from exmc.gradient.lowering.term import Term
    from exmc.gradient.node import Node


def _at(log_density: Callable[..., Term], *, log: bool = True) -> Rule:
    """Return the rule of a log-density, or of its exponential."""

    def rule(low: Lowering, *arguments: Given, **more: Given) -> Node:
        terms = [low.term(x) for x in arguments]
        named = {name: low.term(x) for name, x in more.items()}
        value = log_density(*terms, **named)
        return value.node if log else value.exp().node

    return rule


def _standard(x: Term, loc: Term | float, scale: Term | float) -> Term:
    return (x - loc) / scale


def _log(scale: Term | float) -> Term | float:
    return math.log(scale) if isinstance(scale, float) else scale.log()


def _normal(x: Term, loc: Term | float = 0.0, scale: Term | float = 1.0) -> Term:
    z = _standard(x, loc, scale)
    return -0.5 * (z * z) - HALF_LOG_2_PI - _log(scale)


def _normal_log_cdf(
    x: Term, loc: Term | float = 0.0, scale: Term | float = 1.0
) -> Term:
    return _standard(x, loc, scale).of("log_ndtr")


def _normal_log_sf(x: Term, loc: Term | float = 0.0, scale: Term | float = 1.0) -> Term:
    return (-_standard(x, loc, scale)).of("log_ndtr")


def _normal_cdf(x: Term, loc: Term | float = 0.0, scale: Term | float = 1.0) -> Term:
    return 0.5 * (_standard(x, loc, scale) * (-1.0 / SQRT_2)).of("erfc")


def _normal_sf(x: Term, loc: Term | float = 0.0, scale: Term | float = 1.0) -> Term:
    return 0.5 * (_standard(x, loc, scale) * (1.0 / SQRT_2)).of("erfc")


def _student_t(
    x: Term, df: Term, loc: Term | float = 0.0, scale: Term | float = 1.0
) -> Term:
    z = _standard(x, loc, scale)
    half = 0.5 * (df + 1.0)
    peak = half.of("lgamma") - (0.5 * df).of("lgamma") - 0.5 * (df.log() + LOG_PI)
    return peak - _log(scale) - half * (z * z / df).log1p()


def _beta(x: Term, a: Term, b: Term) -> Term:
    return (a - 1.0) * x.log() + (b - 1.0) * (-x).log1p() - betaln(a, b)


def _gamma(x: Term, a: Term) -> Term:
    return (a - 1.0) * x.log() - x - a.of("lgamma")


def _chi2(x: Term, df: Term) -> Term:
    half = 0.5 * df
    return (half - 1.0) * x.log() - 0.5 * x - half * math.log(2.0) - half.of("lgamma")


def _poisson(k: Term, mu: Term) -> Term:
    return k * mu.log() - mu - (k + 1.0).of("lgamma")


def _dirichlet(low: Lowering, x: Given, alpha: Given) -> Node:
    shares, weights = low.term(x), low.term(alpha)
    peak = weights.sum().of("lgamma") - weights.of("lgamma").sum()
    return (peak + ((weights - 1.0) * shares.log()).sum()).node


def _multivariate_normal(
    low: Lowering, x: Given, mean: Given, cov: Given, *more: Given, **others: Given
) -> Node:
    """Only of one vector: the log-density by the Cholesky factor."""
    rest = low.build.sub(low.node(x), low.node(mean))
    matrix = low.node(cov)
    if more or others or len(rest.shape) != 1 or len(matrix.shape) != 2:
        raise low.refuse("is given several vectors, or options")
    factor = low.build.apply("cholesky", matrix)
    half = low.term(low.build.apply("solve_lower", factor, rest, transposed=False))
    n = rest.shape[0]
    square = (half * half).sum()
    return (-0.5 * square - 0.5 * log_det(low, factor) - n * HALF_LOG_2_PI).node


STATS: dict[str, Rules] = {
    "beta": {"logpdf": _at(_beta), "pdf": _at(_beta, log=False)},
    "chi2": {"logpdf": _at(_chi2), "pdf": _at(_chi2, log=False)},
    "dirichlet": {"logpdf": _dirichlet},
    "gamma": {"logpdf": _at(_gamma), "pdf": _at(_gamma, log=False)},
    "multivariate_normal": {"logpdf": _multivariate_normal},
    "norm": {
        "cdf": _at(_normal_cdf),
        "logcdf": _at(_normal_log_cdf),
        "logpdf": _at(_normal),
        "logsf": _at(_normal_log_sf),
        "pdf": _at(_normal, log=False),
        "sf": _at(_normal_sf),
    },
    "poisson": {"logpmf": _at(_poisson), "pmf": _at(_poisson, log=False)},
    "t": {"logpdf": _at(_student_t), "pdf": _at(_student_t, log=False)},
}
"""By the names of the modules of autograd.scipy.stats."""
