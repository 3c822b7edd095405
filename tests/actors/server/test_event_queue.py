from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any, TypeVar

import numpy as np
import pytest

from exmc.actors.kernel.mailbox import NOTHING
from exmc.actors.server import event_queue
from exmc.actors.server.event_queue import Alarm, EventQueue, Order
from exmc.actors.server.state_event import (
    EventTimeout,
    Info,
    Internal,
    NamedTimeout,
    StateEvent,
    StateTimeout,
)
from exmc.actors.server.state_outcome import (
    SetTimeout,
    event_timeout,
    named_timeout,
    state_timeout,
)
from exmc.actors.server.transition import Transition
from tests.plain.planted import planted
from tests.plain.state_machine import PlainStateMachine, Respond

T = TypeVar("T")

PROGRAMS = 150
"""Random machines per test: 0.15 s."""

LIMIT = 60
"""Events after which a machine that keeps itself busy is left."""

STATES, LABELS = (0, 1, 2), ("a", "b", "c")
KEYS: tuple[Hashable, ...] = (StateTimeout, EventTimeout, (NamedTimeout, "n"))


@dataclass(frozen=True)
class Rule:
    """What a random machine does with one kind of event in one state."""

    target: int
    postponed: bool
    inserted: tuple[str, ...]
    timeouts: tuple[SetTimeout, ...]


@dataclass(frozen=True)
class Program:
    """A random machine, and what happens to it: labels sent, timeouts that end."""

    rules: dict[tuple[int, str], Rule]
    happenings: list[Hashable]

    def respond(self, state: Any, event: StateEvent) -> Transition:
        """Follow the rule."""
        rule = self.rules[state, label_of(event)]
        return Transition(
            rule.target,
            changed=rule.target != state,
            postponed=rule.postponed,
            inserted=tuple(map(Internal, rule.inserted)),
            timeouts=rule.timeouts,
        )


def label_of(event: StateEvent) -> str:
    label = event.message if isinstance(event, Info) else event.content  # type: ignore[union-attr]  # no calls and casts here
    assert isinstance(label, str)
    return label


SETTERS: tuple[Callable[[float | None, str], SetTimeout], ...] = (
    state_timeout,
    event_timeout,
    lambda seconds, content: named_timeout("n", seconds, content),
)


def program(seed: int) -> Program:
    """Make a random machine and a random life for it."""
    rng = np.random.Generator(np.random.PCG64(seed))

    def one_of(choices: Sequence[T]) -> T:
        return choices[int(rng.integers(len(choices)))]

    def some(make: Callable[[], T], most: int) -> tuple[T, ...]:
        return tuple(make() for _ in range(int(rng.integers(most + 1))))

    def timeout() -> SetTimeout:
        return one_of(SETTERS)(one_of([0.0, 1.0, None]), one_of(LABELS))

    def rule() -> Rule:
        inserted = some(lambda: one_of(LABELS), one_of([0, 0, 2]))
        postponed = bool(rng.integers(2))
        return Rule(one_of(STATES), postponed, inserted, some(timeout, 2))

    return Program(
        {(state, label): rule() for state in STATES for label in LABELS},
        [one_of([*LABELS, *KEYS]) for _ in range(12)],
    )


@dataclass
class Driven:
    """An EventQueue, driven as the loop drives it, with alarms set by hand."""

    queue: EventQueue
    respond: Respond
    state: object
    handled: list[tuple[object, StateEvent]]
    alarms: dict[Hashable, Alarm]

    def receive(self, event: object) -> None:
        while event is not NOTHING and len(self.handled) < LIMIT:
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
    plain = PlainStateMachine(0, program.respond)
    driven = Driven(module.EventQueue(), program.respond, 0, [], {})
    for happening in program.happenings:
        if isinstance(happening, str):
            plain.receive(Info(happening), LIMIT)
            driven.receive(Info(happening))
        else:
            plain.ring(happening, LIMIT)
            driven.ring(happening)
        assert driven.handled == plain.handled
        if len(plain.handled) == LIMIT:
            return
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
