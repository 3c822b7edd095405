"""The Laplace distribution."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from exmc.constraints import POSITIVE, REAL
from exmc.distributions.distribution import Family
from exmc.numerics.autodiff import Traceable, xp
from exmc.numerics.special import LOG_2

if TYPE_CHECKING:
    from collections.abc import Mapping

    from exmc.constraints import Interval
    from exmc.numerics.random import Stream
    from exmc.typing import Array


@dataclass(frozen=True, slots=True)
class Laplace(Family):
    """The double-exponential distribution.

    Density: exp(-|x - mu| / b) / (2 b).

    Attributes:
        mu: Mean and median; same unit as the draw.
        b: Mean distance from mu; same unit as the draw.
    """

    mu: Traceable
    b: Traceable

    parameters: ClassVar[Mapping[str, Interval]] = {"mu": REAL, "b": POSITIVE}
    support: ClassVar[Interval] = REAL
    default_transform: ClassVar[str] = "identity"
    location_scale: ClassVar[tuple[str, str] | None] = ("mu", "b")

    def interior_log_prob(self, value: Traceable) -> Traceable:
        """Give the log-density in nats."""
        return (-LOG_2 - xp.log(self.b)) - xp.abs((value - self.mu) / self.b)

    def draw(self, stream: Stream, shape: tuple[int, ...] = ()) -> Array:
        """Draw by the inverse CDF, one word a number."""
        offset = self.uniforms(stream, shape) - 0.5
        size = -np.log1p(-2.0 * np.abs(offset))
        draws: Array = self.mu + self.b * np.sign(offset) * size
        return draws
