"""The normal distribution."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

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
class Normal(Family):
    """The normal distribution.

    Density: exp(-z^2 / 2) / (sigma sqrt(2 pi)) with z = (x - mu) / sigma.

    Attributes:
        mu: Mean; same unit as the draw.
        sigma: Standard deviation; same unit as the draw.
    """

    mu: Traceable = 0.0
    sigma: Traceable = 1.0

    parameters: ClassVar[Mapping[str, Interval]] = {"mu": REAL, "sigma": POSITIVE}
    support: ClassVar[Interval] = REAL
    default_transform: ClassVar[str] = "identity"
    location_scale: ClassVar[tuple[str, str] | None] = ("mu", "sigma")

    def interior_log_prob(self, value: Traceable) -> Traceable:
        """Give the log-density in nats."""
        z = (value - self.mu) / (SQRT_2 * self.sigma)
        return (-HALF_LOG_2_PI - xp.log(self.sigma)) - z * z

    def draw(self, stream: Stream, shape: tuple[int, ...] = ()) -> Array:
        """Draw by the inverse CDF, one word a number."""
        draws: Array = self.mu + self.sigma * self.normals(stream, shape)
        return draws
