"""The gamma distribution."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from exmc.constraints import POSITIVE
from exmc.distributions.distribution import Family
from exmc.distributions.rejection import log_gamma_draws
from exmc.numerics import differentiable as special
from exmc.numerics.autodiff import Traceable, xp

if TYPE_CHECKING:
    from collections.abc import Mapping

    from exmc.constraints import Interval
    from exmc.numerics.random import Stream
    from exmc.typing import Array


@dataclass(frozen=True, slots=True)
class Gamma(Family):
    """The gamma distribution, by shape and rate.

    Density: beta^alpha / Gamma(alpha) x^(alpha - 1) exp(-beta x) for x > 0.

    Attributes:
        alpha: Shape.
        beta: Rate; inverse unit of the draw. The mean is alpha / beta.
    """

    alpha: Traceable
    beta: Traceable

    parameters: ClassVar[Mapping[str, Interval]] = {"alpha": POSITIVE, "beta": POSITIVE}
    support: ClassVar[Interval] = POSITIVE
    default_transform: ClassVar[str] = "exp"

    def interior_log_prob(self, value: Traceable) -> Traceable:
        """Give the log-density in nats."""
        alpha, beta = self.alpha, self.beta
        scale = alpha * xp.log(beta) - special.lgamma(alpha)
        return scale + (alpha - 1.0) * xp.log(value) - beta * value

    def draw(self, stream: Stream, shape: tuple[int, ...] = ()) -> Array:
        """Draw by rejection (Marsaglia & Tsang 2000)."""
        alpha = np.broadcast_to(self.alpha, self.full_shape(shape))
        draws: Array = np.exp(log_gamma_draws(stream, alpha)) / self.beta
        return draws
