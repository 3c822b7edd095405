"""What every transform can do, and the check that it fits a support."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Protocol, Self

from exmc.errors import ModelError

if TYPE_CHECKING:
    from exmc.constraints import Interval
    from exmc.numerics.autodiff import Traceable


class Transform(Protocol):
    """A smooth, increasing or decreasing map from the real line onto a set.

    All three functions work entry by entry, on arrays or traced values.
    """

    name: ClassVar[str]

    @classmethod
    def on(cls, support: Interval) -> Self:
        """Build the transform whose image is a resolved support.

        Raises:
            ModelError: The support is not a set that this transform can cover.
        """
        ...

    def forward(self, z: Traceable) -> Traceable:
        """Take an unconstrained value to the support."""
        ...

    def inverse(self, x: Traceable) -> Traceable:
        """Take a value inside the support back to the real line."""
        ...

    def log_jacobian(self, z: Traceable) -> Traceable:
        """Give log |dx/dz| at an unconstrained value, in nats."""
        ...


def check_fit(name: str, image: str, support: Interval, *, fits: bool) -> None:
    """Refuse a transform whose image is not the support.

    Raises:
        ModelError: Always, unless it fits; the message names a remedy.
    """
    if support.integer:
        message = (
            f"{name} cannot reach {support.describe()}: a discrete variable has no "
            f"transform; marginalise it or observe it."
        )
        raise ModelError(message)
    if not fits:
        message = (
            f"{name} maps onto {image}, but the support is {support.describe()}; "
            f"leave out transform= to get the family's own."
        )
        raise ModelError(message)


def starts_at_zero(support: Interval) -> bool:
    """Tell whether the support is the half-line from zero."""
    lower = support.lower
    is_zero = isinstance(lower, (int, float)) and lower == 0.0
    return is_zero and not support.is_bounded_above
