"""Something that happens once, waited for on the runtime's clock."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Generic, TypeVar

from exmc.actors.clock import wake

if TYPE_CHECKING:
    from exmc.actors.clock import Clock

T = TypeVar("T")


class Once(Generic[T]):
    """A value that comes once; any number may wait for it.

    Args:
        clock: For waiting no longer than so many seconds.

    Attributes:
        value: What came; None so far.
    """

    def __init__(self, clock: Clock) -> None:
        self.value: T | None = None
        self._clock = clock
        self._waiting: list[asyncio.Future[None]] = []

    def came(self, value: T) -> None:
        """Take the value, unless there is one already, and wake who waits."""
        if self.value is None:
            self.value = value
        waiting, self._waiting = self._waiting, []
        for sleeper in waiting:
            wake(sleeper)

    async def within(self, seconds: float | None) -> T | None:
        """Wait for the value; None if it has not come after so many seconds."""
        if self.value is not None:
            return self.value
        sleeper: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(sleeper)
        timer = None
        if seconds is not None:
            timer = self._clock.call_later(seconds, wake, sleeper)
        try:
            await sleeper
        finally:
            if timer is not None:
                timer.cancel()
        return self.value
