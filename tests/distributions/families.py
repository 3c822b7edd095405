"""One row for each family and setting, beside an implementation we did not write."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import stats

from exmc.distributions import (
    Bernoulli,
    Beta,
    Binomial,
    Cauchy,
    Exponential,
    Flat,
    Gamma,
    HalfCauchy,
    HalfFlat,
    HalfNormal,
    HalfStudentT,
    Laplace,
    LogNormal,
    Normal,
    Poisson,
    StudentT,
    Uniform,
)

if TYPE_CHECKING:
    from exmc.typing import Array

BELOW_ZERO = (-5e-324, -1.0, -1e300)
UNENDING = (np.inf, -np.inf)
NOT_WHOLE = (0.5, 2.999999)


@dataclass(frozen=True)
class Row:
    """A family at one parameter setting.

    Attributes:
        ours: The family: a dataclass and a Distribution, which no one type says.
        theirs: The same frozen in scipy.
        at: Values of the support: tails and boundaries included.
        outside: Values that cannot occur.
        beyond: Values of the support where scipy is poor; only mpmath judges them.
    """

    ours: Any
    theirs: Any
    at: tuple[float, ...]
    outside: tuple[float, ...] = UNENDING
    beyond: tuple[float, ...] = ()

    def log_prob(self) -> Array:
        """Give scipy's log-density at `at`."""
        log_of = self.theirs.logpmf if self.ours.discrete else self.theirs.logpdf
        with np.errstate(all="ignore"):
            return np.asarray(log_of(np.array(self.at)))


class Ones:
    """An improper density of one."""

    def logpdf(self, x: Array) -> Array:
        return np.zeros_like(x)


class Folded:
    """The absolute value of a symmetric variable."""

    def __init__(self, whole: Any) -> None:
        self.whole = whole

    def logpdf(self, x: Array) -> Array:
        return np.asarray(np.log(2.0) + self.whole.logpdf(x))

    def cdf(self, x: Array) -> Array:
        return np.asarray(2.0 * self.whole.cdf(x) - 1.0)

    def ppf(self, p: float) -> float:
        return float(self.whole.ppf(0.5 + 0.5 * p))


ROWS = [
    Row(Flat(), Ones(), at=(-1e308, 0.0, 3.0), outside=()),
    Row(HalfFlat(), Ones(), at=(0.0, 1e308), outside=(*BELOW_ZERO, *UNENDING)),
    Row(Normal(), stats.norm(), at=(-38.0, -1.0, 0.0, 1e-9, 2.0, 1e5)),
    Row(Normal(3.0, 1e-3), stats.norm(3.0, 1e-3), at=(2.9, 3.0, 3.0001, 50.0)),
    Row(Normal(-1e6, 7.0), stats.norm(-1e6, 7.0), at=(-1e6, -1.00001e6, 0.0)),
    Row(
        HalfNormal(2.0),
        stats.halfnorm(scale=2.0),
        at=(0.0, 1e-8, 0.5, 40.0, 1e6),
        outside=(*BELOW_ZERO, *UNENDING),
    ),
    Row(
        HalfNormal(1e-3),
        stats.halfnorm(scale=1e-3),
        at=(1e-9, 1e-3, 0.5),
        outside=BELOW_ZERO,
    ),
    Row(
        Cauchy(0.0, 1.0),
        stats.cauchy(),
        at=(-1e6, -1.0, 0.0, 2.0),
        beyond=(-1e200, 1e308),
    ),
    Row(Cauchy(-2.0, 0.3), stats.cauchy(-2.0, 0.3), at=(-1e6, -2.0, 1.0, 1e9)),
    Row(
        HalfCauchy(5.0),
        stats.halfcauchy(scale=5.0),
        at=(0.0, 1e-12, 1.0, 5.0, 1e9),
        outside=(*BELOW_ZERO, *UNENDING),
    ),
    Row(StudentT(4.0, 1.0, 2.0), stats.t(4.0, 1.0, 2.0), at=(-1e9, 0.9, 1.0, 77.0)),
    Row(StudentT(0.5), stats.t(0.5), at=(-1e6, 0.0, 3.0), beyond=(1e300,)),
    Row(StudentT(1e9), stats.norm(), at=(), beyond=(-6.0, 0.0, 40.0)),
    Row(StudentT(30.0, -1.0, 0.1), stats.t(30.0, -1.0, 0.1), at=(-4.0, -1.0, 9.0)),
    Row(
        HalfStudentT(3.0, 2.0),
        Folded(stats.t(3.0, scale=2.0)),
        at=(0.0, 1e-9, 1.0, 1e6),
        outside=(*BELOW_ZERO, *UNENDING),
    ),
    Row(
        Exponential(0.25),
        stats.expon(scale=4.0),
        at=(0.0, 1e-12, 1.0, 3000.0),
        outside=(*BELOW_ZERO, *UNENDING),
    ),
    Row(
        Gamma(2.5, 3.0),
        stats.gamma(2.5, scale=1 / 3.0),
        at=(1e-200, 0.1, 1.0, 500.0),
        outside=(0.0, *BELOW_ZERO, *UNENDING),
    ),
    Row(
        Gamma(0.2, 0.01),
        stats.gamma(0.2, scale=100.0),
        at=(1e-300, 0.1, 1.0, 5000.0),
        outside=(0.0, *BELOW_ZERO),
    ),
    Row(
        Gamma(300.0, 2.0),
        stats.gamma(300.0, scale=0.5),
        at=(1.0, 140.0, 150.0, 400.0),
    ),
    Row(
        Beta(2.0, 5.0),
        stats.beta(2.0, 5.0),
        at=(1e-200, 0.2, 0.9, 1 - 1e-15),
        outside=(0.0, 1.0, -0.1, 1.1, *UNENDING),
    ),
    Row(
        Beta(0.5, 0.3),
        stats.beta(0.5, 0.3),
        at=(1e-300, 0.2, 0.9, 1 - 1e-12),
        outside=(0.0, 1.0),
    ),
    Row(Beta(400.0, 900.0), stats.beta(400.0, 900.0), at=(0.01, 0.3, 0.4, 0.9)),
    Row(Beta(1e8, 2.0), stats.beta(1e8, 2.0), at=(), beyond=(0.5, 1 - 1e-6)),
    Row(
        Uniform(),
        stats.uniform(),
        at=(0.0, 0.3, 1.0),
        outside=(-1e-9, 1.0 + 1e-9, *UNENDING),
    ),
    Row(
        Uniform(-3.0, 7.0),
        stats.uniform(-3.0, 10.0),
        at=(-3.0, 0.0, 7.0),
        outside=(-3.0001, 7.0001),
    ),
    Row(
        LogNormal(0.3, 1.2),
        stats.lognorm(1.2, scale=np.exp(0.3)),
        at=(1e-300, 0.1, 1.0, 1e9),
        outside=(0.0, *BELOW_ZERO, *UNENDING),
    ),
    Row(
        LogNormal(-4.0, 0.1),
        stats.lognorm(0.1, scale=np.exp(-4.0)),
        at=(0.001, 0.018, 1.0),
        outside=(0.0,),
    ),
    Row(
        Laplace(1.0, 2.0),
        stats.laplace(1.0, 2.0),
        at=(0.0, 1.5, 900.0),
        beyond=(-1e6, 1e30),
    ),
    Row(Laplace(0.0, 0.01), stats.laplace(0.0, 0.01), at=(-3.0, 0.001, 2.0)),
    Row(
        Bernoulli(0.3),
        stats.bernoulli(0.3),
        at=(0.0, 1.0),
        outside=(-1.0, 2.0, *NOT_WHOLE, *UNENDING),
    ),
    Row(
        Bernoulli(logit_p=-1.5),
        stats.bernoulli(1 / (1 + np.exp(1.5))),
        at=(0.0, 1.0),
        outside=(-1.0, 2.0, *NOT_WHOLE),
    ),
    Row(
        Binomial(12, 0.3),
        stats.binom(12, 0.3),
        at=(0.0, 1.0, 4.0, 12.0),
        outside=(-1.0, 13.0, *NOT_WHOLE, *UNENDING),
    ),
    Row(
        Binomial(1000, logit_p=1.3),
        stats.binom(1000, 1 / (1 + np.exp(-1.3))),
        at=(0.0, 700.0, 786.0, 1000.0),
        outside=(-1.0, 1001.0, *NOT_WHOLE),
    ),
    Row(
        Binomial(10**5, logit_p=-5.0),
        stats.binom(10**5, 1 / (1 + np.exp(5.0))),
        at=(),
        beyond=(0.0, 670.0, 1e5),
    ),
    Row(
        Poisson(3.5),
        stats.poisson(3.5),
        at=(0.0, 1.0, 3.0, 40.0, 1000.0),
        outside=(-1.0, *NOT_WHOLE, *UNENDING),
    ),
    Row(Poisson(80.0), stats.poisson(80.0), at=(0.0, 79.0, 80.0, 300.0)),
]


def name_of(row: Row) -> str:
    return repr(row.ours)


PROPER = [row for row in ROWS if not isinstance(row.theirs, Ones)]
CONTINUOUS = [row for row in PROPER if not row.ours.discrete]
DISCRETE = [row for row in PROPER if row.ours.discrete]
LOCATION_SCALE = [row for row in ROWS if row.ours.location_scale is not None]
