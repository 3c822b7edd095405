"""A shifted exponential: the real line onto the numbers above a bound."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self

from exmc.numerics.autodiff import Traceable, xp
from exmc.transforms.transform import check_fit

if TYPE_CHECKING:
    from exmc.constraints import Interval


@dataclass(frozen=True, slots=True)
class LowerBounded:
    """x = lower + exp(z); dx/dz = exp(z).

    Attributes:
        lower: The bound, a number, an array or a traced value.
    """

    lower: Traceable = 0.0

    name: ClassVar[str] = "lower_bounded"

    @classmethod
    def on(cls, support: Interval) -> Self:
        """Build it for a support with a lower bound only.

        Raises:
            ModelError: The support is another set.
        """
        fits = support.is_bounded_below and not support.is_bounded_above
        check_fit(cls.name, "the numbers above a bound", support, fits=fits)
        return cls(support.lower)

    def forward(self, z: Traceable) -> Traceable:
        """Give lower + exp(z)."""
        return self.lower + xp.exp(z)

    def inverse(self, x: Traceable) -> Traceable:
        """Give log(x - lower)."""
        return xp.log(x - self.lower)

    def log_jacobian(self, z: Traceable) -> Traceable:
        """Give z."""
        return z
