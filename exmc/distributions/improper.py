"""What the improper families share: a density of one, and no draws."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from exmc.distributions.distribution import Family
from exmc.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from exmc.constraints import Interval
    from exmc.numerics.autodiff import Traceable
    from exmc.numerics.random import Stream
    from exmc.typing import Array


class Improper(Family):
    """A density of one on a set of infinite length."""

    __slots__ = ()

    parameters: ClassVar[Mapping[str, Interval]] = {}

    def interior_log_prob(self, value: Traceable) -> Traceable:
        """Give zeros, in the shape of the value; NaN stays NaN."""
        return 0.0 * value

    def draw(
        self,
        stream: Stream,  # noqa: ARG002 - as in every family
        shape: tuple[int, ...] = (),  # noqa: ARG002 - as in every family
    ) -> Array:
        """Refuse: an improper density has no draws.

        Raises:
            ModelError: Always.
        """
        name = type(self).__name__
        message = f"{name} has no draws: it is improper; give a proper prior instead."
        raise ModelError(message)
