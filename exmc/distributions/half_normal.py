"""The half-normal distribution."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from exmc.constraints import NONNEGATIVE, POSITIVE
from exmc.distributions.distribution import Family
from exmc.numerics.autodiff import Traceable, xp
from exmc.numerics.special import HALF_LOG_2_PI, LOG_2, SQRT_2

if TYPE_CHECKING:
    from collections.abc import Mapping

    from exmc.constraints import Interval
    from exmc.numerics.random import Stream
    from exmc.typing import Array


@dataclass(frozen=True, slots=True)
class HalfNormal(Family):
    """The absolute value of a Normal(0, sigma) draw.

    Density: sqrt(2 / pi) / sigma exp(-x^2 / (2 sigma^2)) for x >= 0.

    Attributes:
        sigma: Standard deviation of the unfolded normal; same unit as the draw.
    """

    sigma: Traceable = 1.0

    parameters: ClassVar[Mapping[str, Interval]] = {"sigma": POSITIVE}
    support: ClassVar[Interval] = NONNEGATIVE
    default_transform: ClassVar[str] = "exp"

    def interior_log_prob(self, value: Traceable) -> Traceable:
        """Give the log-density in nats."""
        z = value / (SQRT_2 * self.sigma)
        return (LOG_2 - HALF_LOG_2_PI - xp.log(self.sigma)) - z * z

    def draw(self, stream: Stream, shape: tuple[int, ...] = ()) -> Array:
        """Fold a normal drawn by the inverse CDF, one word a number."""
        draws: Array = self.sigma * np.abs(self.normals(stream, shape))
        return draws
