"""A state machine that does what the test says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from exmc.actors import (
    Cast,
    EnterOutcome,
    Info,
    Internal,
    StateInitOutcome,
    StateMachine,
    StateOutcome,
    next_state,
)
from exmc.actors.process.envelope import Call

Respond = Callable[[Any, Any], StateOutcome]


class Scripted(StateMachine):
    """Notes every event as (state, what came), and answers as `respond` does."""

    def init(
        self,
        respond: Respond,
        log: list[object] | None = None,
        first: StateInitOutcome | None = None,
    ) -> StateInitOutcome:
        self.respond = respond
        self.log: list[object] = [] if log is None else log
        return next_state("a") if first is None else first

    def handle_event(self, event: object, state: object, /) -> StateOutcome:
        """Note the event and let the test answer."""
        self.log.append((state, plain(event)))
        return self.respond(state, event)


class Entering(Scripted):
    """Notes the states entered too, and answers an entry as `enter` does."""

    def init(
        self,
        respond: Respond,
        log: list[object] | None = None,
        first: StateInitOutcome | None = None,
        enter: Callable[[object], EnterOutcome] = lambda _state: None,
    ) -> StateInitOutcome:
        self.enter = enter
        return super().init(respond, log, first)

    def handle_enter(self, state: object, previous: object, /) -> EnterOutcome:
        """Note the entry and let the test answer."""
        self.log.append(("enter", state, previous))
        return self.enter(state)


def plain(event: object) -> object:
    """What came, without its wrapping; timeouts stay as they are."""
    match event:
        case Call():
            return event.request
        case Cast(message=content) | Info(message=content) | Internal(content=content):
            return content
        case _:
            return event
