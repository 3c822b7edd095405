"""How many restarts a supervisor tolerates before it gives up."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from exmc.actors.errors import BadChildSpecError

if TYPE_CHECKING:
    from collections.abc import Hashable


@dataclass(frozen=True, slots=True)
class RestartIntensity:
    """At most max_restarts restarts in any `max_seconds` (Elixir: 3 in 5).

    Attributes:
        max_restarts: Restarts tolerated inside the window.
        max_seconds: Length of the window, its ends included.
        crashes: Time and child of each recent failure, oldest first.
    """

    max_restarts: int = 3
    max_seconds: float = 5.0
    crashes: tuple[tuple[float, Hashable], ...] = ()

    def __post_init__(self) -> None:
        if self.max_restarts < 0 or not self.max_seconds > 0:
            message = (
                f"A supervisor needs max_restarts >= 0 and max_seconds > 0, got "
                f"{self.max_restarts!r} and {self.max_seconds!r}."
            )
            raise BadChildSpecError(message)

    def after_crash(
        self, now: float, child: Hashable = None
    ) -> RestartIntensity | None:
        """Return the updated record, or None when the supervisor must give up."""
        oldest = now - self.max_seconds
        recent = (*(c for c in self.crashes if c[0] >= oldest), (now, child))
        if len(recent) > self.max_restarts:
            return None
        return replace(self, crashes=recent)

    def after_progress(self, child: Hashable) -> RestartIntensity:
        """Return the record without the failures of a child that has got on."""
        return replace(self, crashes=tuple(c for c in self.crashes if c[1] != child))
