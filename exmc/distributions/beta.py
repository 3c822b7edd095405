"""The beta distribution."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from exmc.constraints import POSITIVE, UNIT_INTERVAL
from exmc.distributions.distribution import Family
from exmc.distributions.rejection import log_gamma_draws
from exmc.numerics import differentiable as special
from exmc.numerics import special as plain
from exmc.numerics.autodiff import Traceable, xp

if TYPE_CHECKING:
    from collections.abc import Mapping

    from exmc.constraints import Interval
    from exmc.numerics.random import Stream
    from exmc.typing import Array


@dataclass(frozen=True, slots=True)
class Beta(Family):
    """The beta distribution on the open unit interval.

    Density: x^(alpha - 1) (1 - x)^(beta - 1) / B(alpha, beta) for 0 < x < 1.

    Attributes:
        alpha: First shape; the mean is alpha / (alpha + beta).
        beta: Second shape.
    """

    alpha: Traceable
    beta: Traceable

    parameters: ClassVar[Mapping[str, Interval]] = {"alpha": POSITIVE, "beta": POSITIVE}
    support: ClassVar[Interval] = UNIT_INTERVAL
    default_transform: ClassVar[str] = "logit"

    def interior_log_prob(self, value: Traceable) -> Traceable:
        """Give the log-density in nats."""
        alpha, beta = self.alpha, self.beta
        sides = (alpha - 1.0) * xp.log(value) + (beta - 1.0) * xp.log1p(-value)
        return sides - special.betaln(alpha, beta)

    def log_prob_of_expit(self, z: Traceable) -> Traceable:
        """Give the log-density in nats at expit(z), for any z.

        Beyond |z| of about 37 expit(z) rounds to an end of the interval, and its
        logarithms lose the distance to it; these do not.
        """
        below = (self.alpha - 1.0) * special.log_expit(z)
        above = (self.beta - 1.0) * special.log_expit(-z)
        return below + above - special.betaln(self.alpha, self.beta)

    def draw(self, stream: Stream, shape: tuple[int, ...] = ()) -> Array:
        """Compare two gamma draws, in logarithms: small shapes underflow."""
        full = self.full_shape(shape)
        first = log_gamma_draws(stream, np.broadcast_to(self.alpha, full))
        second = log_gamma_draws(stream, np.broadcast_to(self.beta, full))
        return plain.open_interval(first - second, 0.0, 1.0)
