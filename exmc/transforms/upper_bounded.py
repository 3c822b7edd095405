"""A mirrored exponential: the real line onto the numbers below a bound."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self

from exmc.numerics.autodiff import Traceable, xp
from exmc.transforms.transform import check_fit

if TYPE_CHECKING:
    from exmc.constraints import Interval


@dataclass(frozen=True, slots=True)
class UpperBounded:
    """x = upper - exp(z); |dx/dz| = exp(z). The only decreasing transform.

    Attributes:
        upper: The bound, a number, an array or a traced value.
    """

    upper: Traceable = 0.0

    name: ClassVar[str] = "upper_bounded"

    @classmethod
    def on(cls, support: Interval) -> Self:
        """Build it for a support with an upper bound only.

        Raises:
            ModelError: The support is another set.
        """
        fits = support.is_bounded_above and not support.is_bounded_below
        check_fit(cls.name, "the numbers below a bound", support, fits=fits)
        return cls(support.upper)

    def forward(self, z: Traceable) -> Traceable:
        """Give upper - exp(z)."""
        return self.upper - xp.exp(z)

    def inverse(self, x: Traceable) -> Traceable:
        """Give log(upper - x)."""
        return xp.log(self.upper - x)

    def log_jacobian(self, z: Traceable) -> Traceable:
        """Give z."""
        return z
