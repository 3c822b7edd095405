"""How long a supervisor waits before it restarts a child that keeps failing."""

from __future__ import annotations

from dataclasses import dataclass

from exmc.actors.errors import BadChildSpecError


@dataclass(frozen=True, slots=True)
class Backoff:
    """A delay that grows with each failure since the child's last progress.

    Attributes:
        minimum: Seconds before the first restart.
        maximum: Seconds that no delay exceeds.
        factor: What each further failure multiplies the delay by.
    """

    minimum: float = 0.05
    maximum: float = 5.0
    factor: float = 2.0

    def __post_init__(self) -> None:
        if not (0 <= self.minimum <= self.maximum and self.factor >= 1):
            message = (
                f"Backoff needs 0 <= minimum <= maximum and factor >= 1, got {self!r}."
            )
            raise BadChildSpecError(message)

    def delay(self, failures: int) -> float:
        """Return the seconds before a restart, after `failures` >= 1 in a row."""
        seconds = self.minimum
        for _ in range(failures - 1):
            shorter, seconds = seconds, seconds * self.factor
            if seconds >= self.maximum or seconds == shorter:
                break
        return min(seconds, self.maximum)
