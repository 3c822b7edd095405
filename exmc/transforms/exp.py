"""The exponential: the real line onto the positive numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self

from exmc.numerics.autodiff import Traceable, xp
from exmc.transforms.transform import check_fit, starts_at_zero

if TYPE_CHECKING:
    from exmc.constraints import Interval


@dataclass(frozen=True, slots=True)
class Exp:
    """x = exp(z); dx/dz = exp(z). Overflows to infinity above z = 709.78."""

    name: ClassVar[str] = "exp"

    @classmethod
    def on(cls, support: Interval) -> Self:
        """Build it for the half-line from zero.

        Raises:
            ModelError: The support is another set.
        """
        fits = starts_at_zero(support)
        check_fit(cls.name, "the positive numbers", support, fits=fits)
        return cls()

    def forward(self, z: Traceable) -> Traceable:
        """Give exp(z)."""
        return xp.exp(z)

    def inverse(self, x: Traceable) -> Traceable:
        """Give log(x)."""
        return xp.log(x)

    def log_jacobian(self, z: Traceable) -> Traceable:
        """Give z."""
        return z
