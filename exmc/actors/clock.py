"""Time as an argument: a runtime reads no clock but the one it was given."""

from __future__ import annotations

import asyncio
import heapq
import itertools
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

QUIET_TURNS = 12
"""Turns of the loop without activity after which it counts as idle: more than the
hops from a future through a gathered task to the process that waits for it."""

OUTSIDE_POLL = 0.005
"""Seconds of wall time between looks at a virtual clock nothing waits on."""


class TimerHandle(Protocol):
    """A callback that has not been called yet."""

    def cancel(self) -> None:
        """See to it that the callback is not called. Idempotent."""
        ...


class Clock(Protocol):
    """Seconds that only grow, and callbacks at a later second."""

    def now(self) -> float:
        """Seconds since an arbitrary start."""
        ...

    def call_later(
        self, delay: float, callback: Callable[..., object], *args: object
    ) -> TimerHandle:
        """Call `callback(*args)` on the loop after `delay` seconds."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Return after `seconds`."""
        ...


class Turn:
    """Awaiting it lets everything else that is ready on the loop run once."""

    def __await__(self) -> Generator[None, None, None]:
        yield


async def sleep_on(clock: Clock, seconds: float) -> None:
    """Return after `seconds` of a clock."""
    woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    timer = clock.call_later(seconds, wake, woken)
    try:
        await woken
    finally:
        timer.cancel()


def wake(sleeper: asyncio.Future[None]) -> None:
    """Complete a future that may have been cancelled meanwhile."""
    if not sleeper.done():
        sleeper.set_result(None)


class LoopClock:
    """The monotonic clock of an event loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop

    def now(self) -> float:
        """Seconds of the loop's clock."""
        return self._loop.time()

    def call_later(
        self, delay: float, callback: Callable[..., Any], *args: object
    ) -> TimerHandle:
        """Call `callback(*args)` after `delay` seconds of wall time."""
        return self._loop.call_later(delay, callback, *args)

    async def sleep(self, seconds: float) -> None:
        """Return after `seconds` of wall time."""
        await sleep_on(self, seconds)


class VirtualTimer:
    """A callback on a virtual clock."""

    def __init__(
        self, callback: Callable[..., object], args: tuple[object, ...]
    ) -> None:
        self._callback = callback
        self._args = args
        self.cancelled = False

    def cancel(self) -> None:
        """See to it that the callback is not called."""
        self.cancelled = True

    def fire(self) -> None:
        """Call the callback."""
        self._callback(*self._args)


class VirtualClock:
    """A clock that moves only when told to, for tests.

    Attributes:
        activity: Counts what the runtime has done so far; `advance` goes from one
            timer to the next only when it stands still. Set by the runtime.
    """

    def __init__(self, start: float = 0.0) -> None:
        self._now = start
        self._timers: list[tuple[float, int, VirtualTimer]] = []
        self._order = itertools.count()
        self.activity: Callable[[], int] = lambda: 0

    def now(self) -> float:
        """Seconds advanced so far."""
        return self._now

    def call_later(
        self, delay: float, callback: Callable[..., object], *args: object
    ) -> TimerHandle:
        """Call `callback(*args)` once the clock was advanced by `delay` seconds."""
        timer = VirtualTimer(callback, args)
        due = self._now + max(0.0, delay)
        heapq.heappush(self._timers, (due, next(self._order), timer))
        return timer

    async def sleep(self, seconds: float) -> None:
        """Return once the clock was advanced by `seconds`."""
        await sleep_on(self, seconds)

    async def advance(self, seconds: float) -> None:
        """Move time on, firing each timer at its own instant.

        Between two instants the loop runs until nothing moves any more, so what a
        timer set off is done before the next one fires.
        """
        end = self._now + seconds
        await self.settle()
        while self._timers and self._timers[0][0] <= end:
            self._fire_next()
            await self.settle()
        self._now = end

    async def jump_until(self, waiting: asyncio.Future[Any]) -> None:
        """Move time on, from timer to timer, until a future is done.

        When no timer is left the future can only wait for the world outside; then
        this waits with it, in wall time.
        """
        while not waiting.done():
            await self.settle()
            due = self.next_due()
            if waiting.done():
                return
            if due is None:
                await asyncio.wait({waiting}, timeout=OUTSIDE_POLL)
            else:
                await self.advance(due - self._now)

    async def settle(self) -> None:
        """Let the loop run until nothing has happened for QUIET_TURNS turns."""
        await settle(self.activity)

    def pending(self) -> tuple[float, ...]:
        """When each timer is due that was neither fired nor cancelled, in order."""
        return tuple(sorted(due for due, _, t in self._timers if not t.cancelled))

    def next_due(self) -> float | None:
        """The instant of the next timer, or None."""
        while self._timers and self._timers[0][2].cancelled:
            heapq.heappop(self._timers)
        return self._timers[0][0] if self._timers else None

    def _fire_next(self) -> None:
        due, _, timer = heapq.heappop(self._timers)
        if not timer.cancelled:
            self._now = max(self._now, due)
            timer.fire()


async def settle(activity: Callable[[], int]) -> None:
    """Let the loop run until `activity()` has not changed for QUIET_TURNS turns."""
    before, quiet = activity(), 0
    while quiet < QUIET_TURNS:
        await Turn()
        after = activity()
        quiet = quiet + 1 if after == before else 0
        before = after
