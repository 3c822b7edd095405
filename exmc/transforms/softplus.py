"""Softplus: the real line onto the positive numbers, linear for large values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self

from exmc.numerics import differentiable as special
from exmc.transforms.transform import check_fit, starts_at_zero

if TYPE_CHECKING:
    from exmc.constraints import Interval
    from exmc.numerics.autodiff import Traceable


@dataclass(frozen=True, slots=True)
class Softplus:
    """x = log(1 + exp(z)); dx/dz = expit(z)."""

    name: ClassVar[str] = "softplus"

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
        """Give log(1 + exp(z)) without overflow."""
        return special.softplus(z)

    def inverse(self, x: Traceable) -> Traceable:
        """Give log(exp(x) - 1) = x + log(1 - exp(-x))."""
        return x + special.log1mexp(x)

    def log_jacobian(self, z: Traceable) -> Traceable:
        """Give log expit(z)."""
        return special.log_expit(z)
