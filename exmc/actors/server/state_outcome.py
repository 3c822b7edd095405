"""What a state machine's handler wants to happen next.

Terms and order are those of Erlang's gen_statem ("transition actions").
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from exmc.actors.server.outcome import Ignore, NoReply, Reply, Stop
from exmc.actors.server.state_event import (
    EventTimeout,
    NamedTimeout,
    StateEvent,
    StateTimeout,
    TimeoutEvent,
)

if TYPE_CHECKING:
    from collections.abc import Hashable

    from exmc.actors.process.envelope import Call


@dataclass(frozen=True, slots=True)
class ReplyTo:
    """Answer a caller of an earlier event."""

    caller: Call
    value: object


@dataclass(frozen=True, slots=True)
class Postpone:
    """Handle the event again after the next change of state."""


@dataclass(frozen=True, slots=True)
class NextEvent:
    """Handle this event before all others."""

    event: StateEvent


@dataclass(frozen=True, slots=True)
class SetTimeout:
    """Let this event happen after some seconds; None: do not let it happen."""

    event: TimeoutEvent
    seconds: float | None


Action: TypeAlias = Reply | ReplyTo | Postpone | NextEvent | SetTimeout


@dataclass(frozen=True, slots=True)
class NextState:
    """Go to a state, which may be the present one."""

    state: object
    actions: tuple[Action, ...] = ()


@dataclass(frozen=True, slots=True)
class KeepState:
    """Stay."""

    actions: tuple[Action, ...] = ()


@dataclass(frozen=True, slots=True)
class RepeatState:
    """Stay, and run handle_enter as if the state was entered again."""

    actions: tuple[Action, ...] = ()


StateOutcome: TypeAlias = (
    NextState | KeepState | RepeatState | Stop | Reply | NoReply | None
)
"""What handle_event may return; None keeps the state, but leaves no call waiting."""

EnterOutcome: TypeAlias = KeepState | Stop | None
StateInitOutcome: TypeAlias = NextState | Stop | Ignore


def next_state(state: object, *actions: Action) -> NextState:
    """Go to a state; another than the present one is a change of state.

    A change cancels the state timeout, runs handle_enter, and brings back the
    events postponed. States are compared by `==`.
    """
    return NextState(state, actions)


def keep_state(*actions: Action) -> KeepState:
    """Stay in the state."""
    return KeepState(actions)


def repeat_state(*actions: Action) -> RepeatState:
    """Stay in the state and run handle_enter again; otherwise as keep_state."""
    return RepeatState(actions)


def reply_to(caller: Call, value: object) -> ReplyTo:
    """Answer the caller of an earlier event; `reply` answers that of this event."""
    return ReplyTo(caller, value)


def postpone() -> Postpone:
    """Handle this event again after the next change of state, before later ones."""
    return Postpone()


def next_event(event: StateEvent) -> NextEvent:
    """Handle an event before all that wait; several are handled in the order given."""
    return NextEvent(event)


def state_timeout(seconds: float | None, content: object = None) -> SetTimeout:
    """Let StateTimeout(content) happen unless the state changes first.

    Args:
        seconds: From now; 0 is after what waits inside the machine and before what
            comes from outside. None cancels the one that runs.
        content: Of the event.

    Raises:
        ValueError: Fewer than 0 seconds.
    """
    return SetTimeout(StateTimeout(content), checked(seconds))


def event_timeout(seconds: float | None, content: object = None) -> SetTimeout:
    """Let EventTimeout(content) happen unless any other event does first.

    Args:
        seconds: As in state_timeout.
        content: Of the event.

    Raises:
        ValueError: Fewer than 0 seconds.
    """
    return SetTimeout(EventTimeout(content), checked(seconds))


def named_timeout(
    name: Hashable, seconds: float | None, content: object = None
) -> SetTimeout:
    """Let NamedTimeout(name, content) happen unless it is set again or cancelled.

    Args:
        name: One timeout of each name runs at a time.
        seconds: As in state_timeout.
        content: Of the event.

    Raises:
        ValueError: Fewer than 0 seconds.
    """
    return SetTimeout(NamedTimeout(name, content), checked(seconds))


def checked(seconds: float | None) -> float | None:
    """Return the seconds of a timeout.

    Raises:
        ValueError: They are fewer than 0, or no number.
    """
    if seconds is not None and not seconds >= 0:
        raise ValueError(
            f"A timeout takes 0 seconds or more, got {seconds!r}; "
            f"pass None to cancel the one that runs."
        )
    return seconds
