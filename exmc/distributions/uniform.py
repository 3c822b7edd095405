"""The uniform distribution on an interval."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from exmc.constraints import REAL, Interval
from exmc.distributions.distribution import Family
from exmc.numerics.autodiff import Traceable, xp

if TYPE_CHECKING:
    from collections.abc import Mapping

    from exmc.numerics.random import Stream
    from exmc.typing import Array


@dataclass(frozen=True, slots=True)
class Uniform(Family):
    """Every number of an interval, equally likely.

    Density: 1 / (upper - lower) for lower <= x <= upper.

    Attributes:
        lower: Lower bound; same unit as the draw.
        upper: Upper bound; same unit as the draw.
    """

    lower: Traceable = 0.0
    upper: Traceable = 1.0

    parameters: ClassVar[Mapping[str, Interval]] = {
        "lower": REAL,
        "upper": Interval("lower", open_lower=True),
    }
    support: ClassVar[Interval] = Interval("lower", "upper")
    default_transform: ClassVar[str] = "logit"

    def interior_log_prob(self, value: Traceable) -> Traceable:
        """Give the log-density in nats."""
        return 0.0 * value - xp.log(self.upper - self.lower)

    def draw(self, stream: Stream, shape: tuple[int, ...] = ()) -> Array:
        """Draw by the inverse CDF, one word a number."""
        width = np.asarray(self.upper) - self.lower
        draws: Array = self.lower + width * self.uniforms(stream, shape)
        return draws
