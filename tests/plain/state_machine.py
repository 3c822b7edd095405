"""A state machine's events, written as the manual describes them: a line and a cursor.

Before the cursor stand the events postponed; a change of state puts the cursor back
to the front. Nothing here is fast.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field

from exmc.actors.server.state_event import EventTimeout, StateEvent, StateTimeout
from exmc.actors.server.transition import Transition

Respond = Callable[[object, StateEvent], Transition]


@dataclass
class Place:
    """One event in the line; a timeout of 0 seconds keeps its key to be cancelled."""

    event: StateEvent
    key: Hashable = None


@dataclass
class PlainStateMachine:
    """The line, the cursor and what has been handled."""

    state: object
    respond: Respond
    line: list[Place] = field(default_factory=list)
    cursor: int = 0
    running: dict[Hashable, Place] = field(default_factory=dict)
    handled: list[tuple[object, StateEvent]] = field(default_factory=list)

    def receive(self, event: StateEvent) -> None:
        """Handle an event from outside, and all that follows from it."""
        assert self.cursor == len(self.line)
        self.line.append(Place(event))
        while self.cursor < len(self.line):
            self.handle_next()

    def ring(self, key: Hashable) -> None:
        """Let a timeout end, if it runs."""
        if key in self.running:
            self.receive(self.running.pop(key).event)

    def wait(self) -> None:
        """Let every timeout end that runs now, in the order in which they were set."""
        for key, setting in list(self.running.items()):
            if self.running.get(key) is setting:
                self.ring(key)

    def handle_next(self) -> None:
        """Handle the event at the cursor."""
        event = self.line[self.cursor].event
        self.line[self.cursor].key = None
        self.cancel(EventTimeout)
        self.handled.append((self.state, event))
        step = self.respond(self.state, event)
        if step.postponed:
            self.cursor += 1
        else:
            del self.line[self.cursor]
        if step.changed:
            self.cursor = 0
            self.cancel(StateTimeout)
        self.state = step.state
        for place, inserted in enumerate(step.inserted, start=self.cursor):
            self.line.insert(place, Place(inserted))
        for timeout in step.timeouts:
            self.cancel(timeout.event.key)
        for timeout in step.timeouts:
            self.set(timeout.event, timeout.event.key, timeout.seconds)

    def set(self, event: StateEvent, key: Hashable, seconds: float | None) -> None:
        """Start a timeout afresh; one of 0 seconds is an event at once."""
        self.cancel(key)
        others = len(self.line) > self.cursor
        if seconds == 0 and not (key is EventTimeout and others):
            self.line.append(Place(event, key))
        elif seconds:
            self.running[key] = Place(event)

    def cancel(self, key: Hashable) -> None:
        """Forget a timeout."""
        self.running.pop(key, None)
        self.line = [place for place in self.line if place.key != key or key is None]
