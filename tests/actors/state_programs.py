"""Random state machines, which run on a queue, in a process, and on paper."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np

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
from tests.plain.state_machine import Respond

T = TypeVar("T")

LIMIT = 60
"""Events after which a machine does nothing but take note."""

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

    def responder(self) -> Respond:
        """Follow the rules, until LIMIT."""
        numbers = itertools.count()

        def respond(state: Any, event: StateEvent) -> Transition:
            if next(numbers) >= LIMIT:
                return Transition(state)
            return self.step(state, event)

        return respond

    def step(self, state: int, event: StateEvent) -> Transition:
        """Follow the rule for an event in a state."""
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
