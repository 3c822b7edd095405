"""The Cauchy distribution."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from exmc.constraints import POSITIVE, REAL
from exmc.distributions.distribution import Family
from exmc.numerics import differentiable as special
from exmc.numerics.autodiff import Traceable, xp
from exmc.numerics.special import LOG_PI

if TYPE_CHECKING:
    from collections.abc import Mapping

    from exmc.constraints import Interval
    from exmc.numerics.random import Stream
    from exmc.typing import Array


@dataclass(frozen=True, slots=True)
class Cauchy(Family):
    """The Cauchy distribution, without mean or variance.

    Density: 1 / (pi beta (1 + z^2)) with z = (x - alpha) / beta.

    Attributes:
        alpha: Median; same unit as the draw.
        beta: Half the distance between the quartiles; same unit as the draw.
    """

    alpha: Traceable
    beta: Traceable

    parameters: ClassVar[Mapping[str, Interval]] = {"alpha": REAL, "beta": POSITIVE}
    support: ClassVar[Interval] = REAL
    default_transform: ClassVar[str] = "identity"
    location_scale: ClassVar[tuple[str, str] | None] = ("alpha", "beta")

    def interior_log_prob(self, value: Traceable) -> Traceable:
        """Give the log-density in nats."""
        z = (value - self.alpha) / self.beta
        return (-LOG_PI - xp.log(self.beta)) - special.log1p_square(z)

    def draw(self, stream: Stream, shape: tuple[int, ...] = ()) -> Array:
        """Draw by the inverse CDF, one word a number."""
        angle = math.pi * (self.uniforms(stream, shape) - 0.5)
        draws: Array = self.alpha + self.beta * np.tan(angle)
        return draws
