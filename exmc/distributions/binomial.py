"""The binomial distribution."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from exmc.constraints import COUNT, PROBABILITY, REAL, Interval
from exmc.distributions.counting import binomial_draws
from exmc.distributions.distribution import Family
from exmc.distributions.odds import one_of_p_and_logit_p
from exmc.numerics import differentiable as special
from exmc.numerics import special as plain
from exmc.numerics.autodiff import Traceable, xp

if TYPE_CHECKING:
    from collections.abc import Mapping

    from exmc.numerics.random import Stream
    from exmc.typing import Array


@dataclass(frozen=True, slots=True)
class Binomial(Family):
    """The number of ones among n independent Bernoulli(p) draws.

    Probability: C(n, x) p^x (1 - p)^(n - x) for x in {0, ..., n}.

    Attributes:
        n: Number of trials.
        p: Probability of a one. Exactly one of p and logit_p is given.
        logit_p: Its log-odds, log(p / (1 - p)), in nats.

    Raises:
        BadParameterError: Both or neither of p and logit_p were given.
    """

    n: Traceable
    p: Traceable = None
    logit_p: Traceable = None

    parameters: ClassVar[Mapping[str, Interval]] = {
        "n": COUNT,
        "p": PROBABILITY,
        "logit_p": REAL,
    }
    support: ClassVar[Interval] = Interval(0.0, "n", integer=True)
    default_transform: ClassVar[str] = "identity"
    discrete: ClassVar[bool] = True

    def __post_init__(self) -> None:
        one_of_p_and_logit_p("Binomial", self.p, self.logit_p)

    def interior_log_prob(self, value: Traceable) -> Traceable:
        """Give the log-probability in nats."""
        rest = self.n - value
        # log C(n, x) = -log(n + 1) - log B(n - x + 1, x + 1)
        ways = -xp.log1p(self.n) - special.betaln(rest + 1.0, value + 1.0)
        if self.logit_p is None:
            ones = special.xlogy(value, self.p)
            return ways + (ones + special.xlog1py(rest, -self.p))
        ones = value * special.log_expit(self.logit_p)
        return ways + (ones + rest * special.log_expit(-self.logit_p))

    def draw(self, stream: Stream, shape: tuple[int, ...] = ()) -> Array:
        """Draw by inversion or, for a variance of 10 and more, by rejection."""
        full = self.full_shape(shape)
        n = np.broadcast_to(np.asarray(self.n, dtype=np.float64), full)
        return binomial_draws(stream, n, np.broadcast_to(self.probability(), full))

    def probability(self) -> Array:
        """Give p, whichever parameter was set."""
        return np.asarray(plain.expit(self.logit_p) if self.p is None else self.p)
