"""How many restarts a supervisor tolerates before it gives up."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass
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
    """

    max_restarts: int = 3
    max_seconds: float = 5.0

    def __post_init__(self) -> None:
        if self.max_restarts < 0 or not self.max_seconds > 0:
            message = (
                f"A supervisor needs max_restarts >= 0 and max_seconds > 0, got "
                f"{self.max_restarts!r} and {self.max_seconds!r}."
            )
            raise BadChildSpecError(message)


class RestartHistory:
    """The failures inside the window. Noting one takes constant time on average.

    Args:
        intensity: How many of them are tolerated.
    """

    def __init__(self, intensity: RestartIntensity) -> None:
        self._intensity = intensity
        self._failures: deque[tuple[float, Hashable]] = deque()
        self._counted: Counter[Hashable] = Counter()
        self._total = 0
        # Of each child the oldest ones: what is forgiven was there before.
        self._forgiven: Counter[Hashable] = Counter()

    def tolerates(self, now: float, child: Hashable = None) -> bool:
        """Note a failure, and tell whether the supervisor need not give up."""
        self._forget_before(now - self._intensity.max_seconds)
        self._failures.append((now, child))
        self._counted[child] += 1
        self._total += 1
        return self._total <= self._intensity.max_restarts

    def forgive(self, child: Hashable) -> None:
        """Count the failures so far of a child that has got on no longer."""
        failures = self._counted.pop(child, 0)
        if failures:
            self._forgiven[child] += failures
            self._total -= failures

    def _forget_before(self, oldest: float) -> None:
        failures = self._failures
        while failures and failures[0][0] < oldest:
            _, child = failures.popleft()
            if child in self._forgiven:
                take_one(self._forgiven, child)
            else:
                take_one(self._counted, child)
                self._total -= 1


def take_one(counts: Counter[Hashable], key: Hashable) -> None:
    """Count one less, and keep no zeros."""
    counts[key] -= 1
    if not counts[key]:
        del counts[key]
