"""The improper uniform density on the half-line from zero."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from exmc.constraints import NONNEGATIVE
from exmc.distributions.improper import Improper

if TYPE_CHECKING:
    from exmc.constraints import Interval


@dataclass(frozen=True, slots=True)
class HalfFlat(Improper):
    """Every number from zero on, with log-density 0: improper, for priors only.

    Density: 1 for x >= 0.
    """

    support: ClassVar[Interval] = NONNEGATIVE
    default_transform: ClassVar[str] = "exp"
