"""The Poisson distribution."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from exmc.constraints import COUNT, NONNEGATIVE
from exmc.distributions.counting import poisson_draws
from exmc.distributions.distribution import Family
from exmc.numerics import differentiable as special

if TYPE_CHECKING:
    from collections.abc import Mapping

    from exmc.constraints import Interval
    from exmc.numerics.autodiff import Traceable
    from exmc.numerics.random import Stream
    from exmc.typing import Array


@dataclass(frozen=True, slots=True)
class Poisson(Family):
    """The number of events when mu are expected.

    Probability: exp(-mu) mu^x / x! for x in {0, 1, 2, ...}.

    Attributes:
        mu: Mean number of events.
    """

    mu: Traceable

    parameters: ClassVar[Mapping[str, Interval]] = {"mu": NONNEGATIVE}
    support: ClassVar[Interval] = COUNT
    default_transform: ClassVar[str] = "identity"
    discrete: ClassVar[bool] = True

    def interior_log_prob(self, value: Traceable) -> Traceable:
        """Give the log-probability in nats."""
        events = special.xlogy(value, self.mu) - self.mu
        return events - special.lgamma(value + 1.0)

    def draw(self, stream: Stream, shape: tuple[int, ...] = ()) -> Array:
        """Draw by inversion or, for a mean of 10 and more, by rejection."""
        mu = np.broadcast_to(
            np.asarray(self.mu, dtype=np.float64), self.full_shape(shape)
        )
        return poisson_draws(stream, mu)
