"""Student's t distribution."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from exmc.constraints import POSITIVE, REAL
from exmc.distributions.distribution import Family
from exmc.distributions.rejection import standard_t
from exmc.numerics import differentiable as special
from exmc.numerics.autodiff import Traceable, xp

if TYPE_CHECKING:
    from collections.abc import Mapping

    from exmc.constraints import Interval
    from exmc.numerics.random import Stream
    from exmc.typing import Array


@dataclass(frozen=True, slots=True)
class StudentT(Family):
    """Student's t distribution with location and scale.

    Density: c / sigma (1 + z^2 / nu)^(-(nu + 1) / 2) with z = (x - mu) / sigma and
    c = Gamma((nu + 1) / 2) / (Gamma(nu / 2) sqrt(nu pi)).

    Attributes:
        nu: Degrees of freedom; the normal is the limit of large nu.
        mu: Median; same unit as the draw.
        sigma: Scale; same unit as the draw, and below its standard deviation.
    """

    nu: Traceable
    mu: Traceable = 0.0
    sigma: Traceable = 1.0

    parameters: ClassVar[Mapping[str, Interval]] = {
        "nu": POSITIVE,
        "mu": REAL,
        "sigma": POSITIVE,
    }
    support: ClassVar[Interval] = REAL
    default_transform: ClassVar[str] = "identity"
    location_scale: ClassVar[tuple[str, str] | None] = ("mu", "sigma")

    def interior_log_prob(self, value: Traceable) -> Traceable:
        """Give the log-density in nats."""
        nu, half = self.nu, 0.5 * self.nu
        z = (value - self.mu) / (self.sigma * xp.sqrt(nu))
        peak = special.lgamma_half_step(half) - 0.5 * xp.log(math.pi * nu)
        return (peak - xp.log(self.sigma)) - (half + 0.5) * special.log1p_square(z)

    def draw(self, stream: Stream, shape: tuple[int, ...] = ()) -> Array:
        """Divide a normal by the root of a chi-square over nu."""
        draws: Array = self.mu + self.sigma * standard_t(
            stream, np.broadcast_to(self.nu, self.full_shape(shape))
        )
        return draws
