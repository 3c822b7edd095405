"""The log-normal distribution."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from exmc.constraints import POSITIVE, REAL
from exmc.distributions.distribution import Family
from exmc.numerics.autodiff import Traceable, xp
from exmc.numerics.special import HALF_LOG_2_PI, SQRT_2

if TYPE_CHECKING:
    from collections.abc import Mapping

    from exmc.constraints import Interval
    from exmc.numerics.random import Stream
    from exmc.typing import Array


@dataclass(frozen=True, slots=True)
class LogNormal(Family):
    """The exponential of a Normal(mu, sigma) draw.

    Density: exp(-z^2 / 2) / (x sigma sqrt(2 pi)) for x > 0, z = (log x - mu) / sigma.

    Attributes:
        mu: Mean of the logarithm.
        sigma: Standard deviation of the logarithm.
    """

    mu: Traceable = 0.0
    sigma: Traceable = 1.0

    parameters: ClassVar[Mapping[str, Interval]] = {"mu": REAL, "sigma": POSITIVE}
    support: ClassVar[Interval] = POSITIVE
    default_transform: ClassVar[str] = "exp"

    def interior_log_prob(self, value: Traceable) -> Traceable:
        """Give the log-density in nats."""
        log_value = xp.log(value)
        z = (log_value - self.mu) / (SQRT_2 * self.sigma)
        return (-HALF_LOG_2_PI - xp.log(self.sigma)) - log_value - z * z

    def draw(self, stream: Stream, shape: tuple[int, ...] = ()) -> Array:
        """Draw by the inverse CDF, one word a number."""
        draws: Array = np.exp(self.mu + self.sigma * self.normals(stream, shape))
        return draws
