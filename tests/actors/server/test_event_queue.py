from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from types import ModuleType

import pytest

from exmc.actors.kernel.mailbox import NOTHING
from exmc.actors.server import event_queue
from exmc.actors.server.event_queue import Alarm, EventQueue, Order
from exmc.actors.server.state_event import Info, NamedTimeout, StateEvent
from exmc.actors.server.state_outcome import named_timeout, state_timeout
from exmc.actors.server.transition import Transition
from tests.actors.state_programs import Program, program
from tests.plain.planted import planted
from tests.plain.state_machine import PlainStateMachine, Respond

PROGRAMS = 100
"""Random machines per test: 0.1 s."""


@dataclass
class Driven:
    """An EventQueue, driven as the loop drives it, with alarms set by hand."""

    queue: EventQueue
    respond: Respond
    state: object
    handled: list[tuple[object, StateEvent]]
    alarms: dict[Hashable, Alarm]

    def receive(self, event: object) -> None:
        while event is not NOTHING:
            assert not isinstance(event, str)
            self.handle(event)  # type: ignore[arg-type]  # `take` gives nothing else
            event = self.queue.take()

    def handle(self, event: StateEvent) -> None:
        self.queue.interrupt()
        self.handled.append((self.state, event))
        step = self.respond(self.state, event)
        self.state = step.state
        self.queue.advance(event, step)
        for order in self.queue.orders():
            if order.seconds is None:
                assert self.alarms.pop(order.alarm.key) == order.alarm
            else:
                self.alarms[order.alarm.key] = order.alarm

    def ring(self, key: Hashable) -> None:
        if key in self.alarms:
            self.receive(self.queue.rung(self.alarms.pop(key)))


def agrees(module: ModuleType, program: Program) -> None:
    """Run a program both ways and compare what was handled, and what is awaited."""
    plain = PlainStateMachine(0, program.responder())
    driven = Driven(module.EventQueue(), program.responder(), 0, [], {})
    for happening in program.happenings:
        if isinstance(happening, str):
            plain.receive(Info(happening))
            driven.receive(Info(happening))
        else:
            plain.ring(happening)
            driven.ring(happening)
        assert driven.handled == plain.handled
        assert driven.alarms.keys() == plain.running.keys()


def law(module: ModuleType) -> None:
    for seed in range(PROGRAMS):
        agrees(module, program(seed))


def test_events_come_in_the_order_the_manual_gives() -> None:
    law(event_queue)


BUGS = {
    "postponed events come last": (
        "self._next.extendleft(reversed(self._postponed))",
        "self._next.extend(self._postponed)",
    ),
    "postponed events come back in reverse": (
        "self._next.extendleft(reversed(self._postponed))",
        "self._next.extendleft(self._postponed)",
    ),
    "postponed events come back twice": ("self._postponed.clear()", "pass"),
    "inserted events come last": (
        "self._next.extendleft(reversed(step.inserted))",
        "self._next.extend(step.inserted)",
    ),
    "inserted events come in reverse": (
        "self._next.extendleft(reversed(step.inserted))",
        "self._next.extendleft(step.inserted)",
    ),
    "the state timeout outlives its state": ("self._cancel(StateTimeout)", "pass"),
    "the event timeout outlives other events": ("self._cancel(EventTimeout)", "pass"),
    "a timeout of 0 seconds outlives its state": (
        "self._due.pop(key, None)",
        "self._due",
    ),
}


@pytest.mark.parametrize("bug", BUGS)
def test_a_queue_with_a_bug_is_found_out(bug: str) -> None:
    broken = planted(event_queue, *BUGS[bug])
    with pytest.raises(AssertionError):
        law(broken)


def test_an_alarm_that_was_taken_back_while_it_rang_says_nothing() -> None:
    queue = EventQueue()
    queue.advance(None, Transition("s", timeouts=(named_timeout("n", 1.0),)))
    (first,) = queue.orders()
    queue.advance(None, Transition("s", timeouts=(named_timeout("n", 2.0),)))
    taken_back, second = queue.orders()
    assert taken_back == Order(first.alarm, None)
    assert queue.rung(first.alarm) is NOTHING
    assert queue.rung(second.alarm) == NamedTimeout("n")
    assert queue.rung(second.alarm) is NOTHING


def test_orders_are_given_once() -> None:
    queue = EventQueue()
    queue.advance(None, Transition("s", timeouts=(state_timeout(1.0),)))
    assert len(queue.orders()) == 1
    assert queue.orders() == ()
