"""The scaled logistic curve: the real line onto an open interval."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self

from exmc.numerics import differentiable as special
from exmc.numerics.autodiff import Traceable, xp
from exmc.transforms.transform import check_fit

if TYPE_CHECKING:
    from exmc.constraints import Interval


@dataclass(frozen=True, slots=True)
class Logit:
    """x = lower + (upper - lower) expit(z), so that logit of the share gives z.

    The value is kept strictly inside, at least one float away from each bound:
    beyond |z| of about 37 it stands still while the Jacobian goes on.

    Attributes:
        lower: Lower bound, a number, an array or a traced value.
        upper: Upper bound, likewise.
    """

    lower: Traceable = 0.0
    upper: Traceable = 1.0

    name: ClassVar[str] = "logit"

    @classmethod
    def on(cls, support: Interval) -> Self:
        """Build it for a support with two bounds.

        Raises:
            ModelError: A bound is missing.
        """
        fits = support.is_bounded_below and support.is_bounded_above
        check_fit(cls.name, "an interval with two bounds", support, fits=fits)
        return cls(support.lower, support.upper)

    def forward(self, z: Traceable) -> Traceable:
        """Give the point of the interval."""
        return special.open_interval(z, self.lower, self.upper)

    def inverse(self, x: Traceable) -> Traceable:
        """Give log(x - lower) - log(upper - x)."""
        return xp.log(x - self.lower) - xp.log(self.upper - x)

    def log_jacobian(self, z: Traceable) -> Traceable:
        """Give log(upper - lower) + log expit(z) + log expit(-z)."""
        return special.log_expit_slope(z) + xp.log(self.upper - self.lower)
