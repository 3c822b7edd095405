"""The folded Student's t distribution."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from exmc.constraints import NONNEGATIVE, POSITIVE
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
class HalfStudentT(Family):
    """The absolute value of a StudentT(nu, 0, sigma) draw.

    Density: 2 c / sigma (1 + (x / sigma)^2 / nu)^(-(nu + 1) / 2) for x >= 0 with
    c = Gamma((nu + 1) / 2) / (Gamma(nu / 2) sqrt(nu pi)).

    Attributes:
        nu: Degrees of freedom; the half-normal is the limit of large nu.
        sigma: Scale; same unit as the draw.
    """

    nu: Traceable
    sigma: Traceable = 1.0

    parameters: ClassVar[Mapping[str, Interval]] = {"nu": POSITIVE, "sigma": POSITIVE}
    support: ClassVar[Interval] = NONNEGATIVE
    default_transform: ClassVar[str] = "exp"

    def interior_log_prob(self, value: Traceable) -> Traceable:
        """Give the log-density in nats."""
        nu, half = self.nu, 0.5 * self.nu
        z = value / (self.sigma * xp.sqrt(nu))
        peak = special.lgamma_half_step(half) - 0.5 * xp.log(0.25 * math.pi * nu)
        return (peak - xp.log(self.sigma)) - (half + 0.5) * special.log1p_square(z)

    def draw(self, stream: Stream, shape: tuple[int, ...] = ()) -> Array:
        """Fold a draw of Student's t."""
        nu = np.broadcast_to(self.nu, self.full_shape(shape))
        draws: Array = self.sigma * np.abs(standard_t(stream, nu))
        return draws
