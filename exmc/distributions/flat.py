"""The improper uniform density on the whole line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from exmc.constraints import REAL
from exmc.distributions.improper import Improper

if TYPE_CHECKING:
    from exmc.constraints import Interval


@dataclass(frozen=True, slots=True)
class Flat(Improper):
    """Every real number, with log-density 0: improper, for priors only.

    Density: 1 for every finite x.
    """

    support: ClassVar[Interval] = REAL
    default_transform: ClassVar[str] = "identity"
