"""Noticing that somebody has said nothing for too long."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from exmc.actors.clock import Clock, TimerHandle


class Silence:
    """Calls once after so many seconds in which it was not broken.

    Breaking it is only a look at the clock: there is one timer, however often.

    Args:
        clock: The runtime's.
        longest: Seconds; None for as long as it likes.
        too_long: Called with no arguments.
    """

    def __init__(
        self, clock: Clock, longest: float | None, too_long: Callable[[], None]
    ) -> None:
        self._clock = clock
        self._longest = longest
        self._too_long = too_long
        self._since = 0.0
        self._timer: TimerHandle | None = None

    def begin(self) -> None:
        """Listen from now on."""
        self.broken()
        if self._longest is not None:
            self._timer = self._clock.call_later(self._longest, self._look)

    def broken(self) -> None:
        """Take note that something was said."""
        self._since = self._clock.now()

    def end(self) -> None:
        """Listen no longer."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _look(self) -> None:
        if self._longest is None:
            return
        left = self._since + self._longest - self._clock.now()
        if left > 0:
            self._timer = self._clock.call_later(left, self._look)
        else:
            self._timer = None
            self._too_long()
