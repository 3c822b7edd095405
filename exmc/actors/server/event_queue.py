"""Which event a state machine handles next.

Rule: everything that decides which event comes next lives in this file, and
nothing here waits or reads a clock. The loop sets the alarms that `orders` says.
"""

from __future__ import annotations

import itertools
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from exmc.actors.kernel.mailbox import NOTHING, Nothing
from exmc.actors.server.state_event import EventTimeout, StateTimeout

if TYPE_CHECKING:
    from collections.abc import Hashable

    from exmc.actors.server.state_event import StateEvent, TimeoutEvent
    from exmc.actors.server.state_outcome import SetTimeout
    from exmc.actors.server.transition import Transition


@dataclass(frozen=True, slots=True)
class Alarm:
    """One setting of a timeout; the next setting of the same one is another alarm.

    Attributes:
        key: Which timeout.
        number: Which setting.
    """

    key: Hashable
    number: int


@dataclass(frozen=True, slots=True)
class Order:
    """Set an alarm, or take it back.

    Attributes:
        alarm: The alarm.
        seconds: From now; None to take it back.
    """

    alarm: Alarm
    seconds: float | None


class EventQueue:
    """Events inside the machine: inserted, brought back, due now, and postponed."""

    __slots__ = ("_due", "_next", "_numbers", "_orders", "_postponed", "_running")

    def __init__(self) -> None:
        self._next: deque[StateEvent] = deque()
        self._due: dict[Hashable, TimeoutEvent] = {}
        self._postponed: list[StateEvent] = []
        self._running: dict[Hashable, tuple[Alarm, TimeoutEvent]] = {}
        self._orders: list[Order] = []
        self._numbers = itertools.count()

    def take(self) -> StateEvent | Nothing:
        """Remove and return the next event inside; timeouts due come last. O(1)."""
        if self._next:
            return self._next.popleft()
        if self._due:
            return self._due.pop(next(iter(self._due)))
        return NOTHING

    def rung(self, alarm: Alarm) -> StateEvent | Nothing:
        """Return the event of an alarm that went off, unless it was taken back."""
        running = self._running.get(alarm.key)
        if running is None or running[0] != alarm:
            return NOTHING
        del self._running[alarm.key]
        return running[1]

    def interrupt(self) -> None:
        """Note that an event is being handled: it ends the wait for any event."""
        if self._running or self._due:
            self._cancel(EventTimeout)

    def advance(self, event: StateEvent | None, step: Transition) -> None:
        """Do to the queue what the handling of an event amounts to.

        Events inserted come first, then those postponed if the state has changed,
        then those that were brought back before, then timeouts of 0 seconds.
        """
        if step.postponed and event is not None:
            self._postponed.append(event)
        if step.changed:
            self._next.extendleft(reversed(self._postponed))
            self._postponed.clear()
            self._cancel(StateTimeout)
        self._next.extendleft(reversed(step.inserted))
        for timeout in step.timeouts:
            self._set(timeout)

    def orders(self) -> tuple[Order, ...]:
        """Return the orders about alarms since this was last asked, oldest first."""
        if not self._orders:
            return ()
        orders = tuple(self._orders)
        self._orders.clear()
        return orders

    def _set(self, timeout: SetTimeout) -> None:
        key = timeout.event.key
        self._cancel(key)
        if timeout.seconds is None:
            return
        if timeout.seconds == 0:
            self._due[key] = timeout.event
            return
        alarm = Alarm(key, next(self._numbers))
        self._running[key] = (alarm, timeout.event)
        self._orders.append(Order(alarm, timeout.seconds))

    def _cancel(self, key: Hashable) -> None:
        self._due.pop(key, None)
        running = self._running.pop(key, None)
        if running is not None:
            self._orders.append(Order(running[0], None))
