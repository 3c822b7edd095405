"""The exponential distribution."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from exmc.constraints import NONNEGATIVE, POSITIVE
from exmc.distributions.distribution import Family
from exmc.numerics.autodiff import Traceable, xp

if TYPE_CHECKING:
    from collections.abc import Mapping

    from exmc.constraints import Interval
    from exmc.numerics.random import Stream
    from exmc.typing import Array


@dataclass(frozen=True, slots=True)
class Exponential(Family):
    """The exponential distribution, by its rate.

    Density: lam exp(-lam x) for x >= 0.

    Attributes:
        lam: Rate, one over the mean; inverse unit of the draw.
    """

    lam: Traceable = 1.0

    parameters: ClassVar[Mapping[str, Interval]] = {"lam": POSITIVE}
    support: ClassVar[Interval] = NONNEGATIVE
    default_transform: ClassVar[str] = "exp"

    def interior_log_prob(self, value: Traceable) -> Traceable:
        """Give the log-density in nats."""
        return xp.log(self.lam) - self.lam * value

    def draw(self, stream: Stream, shape: tuple[int, ...] = ()) -> Array:
        """Draw by the inverse CDF, one word a number."""
        draws: Array = -np.log(self.uniforms(stream, shape)) / self.lam
        return draws
