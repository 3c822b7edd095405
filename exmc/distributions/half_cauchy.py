"""The half-Cauchy distribution."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from exmc.constraints import NONNEGATIVE, POSITIVE
from exmc.distributions.distribution import Family
from exmc.numerics import differentiable as special
from exmc.numerics.autodiff import Traceable, xp
from exmc.numerics.special import LOG_2, LOG_PI

if TYPE_CHECKING:
    from collections.abc import Mapping

    from exmc.constraints import Interval
    from exmc.numerics.random import Stream
    from exmc.typing import Array


@dataclass(frozen=True, slots=True)
class HalfCauchy(Family):
    """The absolute value of a Cauchy(0, beta) draw.

    Density: 2 / (pi beta (1 + (x / beta)^2)) for x >= 0.

    Attributes:
        beta: Median; same unit as the draw.
    """

    beta: Traceable = 1.0

    parameters: ClassVar[Mapping[str, Interval]] = {"beta": POSITIVE}
    support: ClassVar[Interval] = NONNEGATIVE
    default_transform: ClassVar[str] = "exp"

    def interior_log_prob(self, value: Traceable) -> Traceable:
        """Give the log-density in nats."""
        z = value / self.beta
        return (LOG_2 - LOG_PI - xp.log(self.beta)) - special.log1p_square(z)

    def draw(self, stream: Stream, shape: tuple[int, ...] = ()) -> Array:
        """Draw by the inverse CDF, one word a number."""
        angle = 0.5 * math.pi * self.uniforms(stream, shape)
        draws: Array = self.beta * np.tan(angle)
        return draws
