"""The Bernoulli distribution."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from exmc.constraints import BINARY, PROBABILITY, REAL
from exmc.distributions.distribution import Family
from exmc.distributions.odds import one_of_p_and_logit_p
from exmc.numerics import differentiable as special
from exmc.numerics import special as plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from exmc.constraints import Interval
    from exmc.numerics.autodiff import Traceable
    from exmc.numerics.random import Stream
    from exmc.typing import Array


@dataclass(frozen=True, slots=True)
class Bernoulli(Family):
    """One with probability p, else zero.

    Probability: p^x (1 - p)^(1 - x) for x in {0, 1}.

    Attributes:
        p: Probability of one. Exactly one of p and logit_p is given.
        logit_p: Its log-odds, log(p / (1 - p)), in nats.

    Raises:
        BadParameterError: Both or neither of p and logit_p were given.
    """

    p: Traceable = None
    logit_p: Traceable = None

    parameters: ClassVar[Mapping[str, Interval]] = {"p": PROBABILITY, "logit_p": REAL}
    support: ClassVar[Interval] = BINARY
    default_transform: ClassVar[str] = "identity"
    discrete: ClassVar[bool] = True

    def __post_init__(self) -> None:
        one_of_p_and_logit_p("Bernoulli", self.p, self.logit_p)

    def interior_log_prob(self, value: Traceable) -> Traceable:
        """Give the log-probability in nats."""
        if self.logit_p is not None:
            return special.log_expit((2.0 * value - 1.0) * self.logit_p)
        return special.xlogy(value, self.p) + special.xlog1py(1.0 - value, -self.p)

    def draw(self, stream: Stream, shape: tuple[int, ...] = ()) -> Array:
        """Compare one uniform a number with p."""
        below = self.uniforms(stream, shape) < self.probability()
        return below.astype(np.float64)

    def probability(self) -> Array:
        """Give p, whichever parameter was set."""
        return np.asarray(plain.expit(self.logit_p) if self.p is None else self.p)
