"""The loop's clock, which knows how many of its timers are still to come."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from exmc.actors import LoopClock


class CountedTimer:
    """A timer that is on its clock's list until it is fired or cancelled."""

    __slots__ = ("_args", "_callback", "_handle", "_pending")

    def __init__(
        self,
        pending: set[CountedTimer],
        callback: Callable[..., object],
        args: tuple[object, ...],
    ) -> None:
        self._pending = pending
        self._callback = callback
        self._args = args
        self._handle: asyncio.TimerHandle | None = None
        pending.add(self)

    def arm(self, loop: asyncio.AbstractEventLoop, delay: float) -> None:
        """Begin."""
        self._handle = loop.call_later(delay, self._fire)

    def cancel(self) -> None:
        """See to it that the callback is not called."""
        self._pending.discard(self)
        if self._handle is not None:
            self._handle.cancel()

    def _fire(self) -> None:
        self._pending.discard(self)
        self._callback(*self._args)


class CountedClock(LoopClock):
    """A LoopClock that can be asked what is pending."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(loop)
        self._timers: set[CountedTimer] = set()

    def call_later(
        self, delay: float, callback: Callable[..., object], *args: object
    ) -> CountedTimer:
        """Call `callback(*args)` after `delay` seconds of wall time."""
        timer = CountedTimer(self._timers, callback, args)
        timer.arm(self._loop, delay)
        return timer

    def pending(self) -> tuple[CountedTimer, ...]:
        """Each timer that was neither fired nor cancelled."""
        return tuple(self._timers)
