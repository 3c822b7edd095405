"""No change: the whole real line onto itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self

import numpy as np

from exmc.transforms.transform import check_fit

if TYPE_CHECKING:
    from exmc.constraints import Interval
    from exmc.numerics.autodiff import Traceable


@dataclass(frozen=True, slots=True)
class Identity:
    """x = z."""

    name: ClassVar[str] = "identity"

    @classmethod
    def on(cls, support: Interval) -> Self:
        """Build it for a support that is the whole line.

        Raises:
            ModelError: The support has a bound.
        """
        check_fit(cls.name, "the real line", support, fits=support.is_whole_line)
        return cls()

    def forward(self, z: Traceable) -> Traceable:
        """Give z."""
        return z

    def inverse(self, x: Traceable) -> Traceable:
        """Give x."""
        return x

    def log_jacobian(self, z: Traceable) -> Traceable:
        """Give zeros, in the shape of z."""
        return np.zeros(np.shape(z))
