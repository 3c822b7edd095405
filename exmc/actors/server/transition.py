"""What one outcome of a state machine amounts to, before any of it is done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from exmc.actors.errors import BadOutcomeError
from exmc.actors.kernel.mailbox import NOTHING
from exmc.actors.process.envelope import Call
from exmc.actors.server.outcome import NoReply, Reply
from exmc.actors.server.state_outcome import (
    KeepState,
    NextEvent,
    NextState,
    Postpone,
    RepeatState,
    ReplyTo,
    SetTimeout,
)

if TYPE_CHECKING:
    from exmc.actors.server.state_event import StateEvent
    from exmc.actors.server.state_outcome import Action


class Transition(NamedTuple):
    """One step of a state machine; a tuple, as one is made for every event.

    Attributes:
        state: The state afterwards.
        changed: Whether it is another one than before.
        entering: Whether handle_enter is to run.
        replies: To whom, and what.
        postponed: Whether the event comes again after the next change.
        inserted: Events to be handled before all others, in order.
        timeouts: Timeouts to be set and cancelled, in order.
    """

    state: object
    changed: bool = False
    entering: bool = False
    replies: tuple[ReplyTo, ...] = ()
    postponed: bool = False
    inserted: tuple[StateEvent, ...] = ()
    timeouts: tuple[SetTimeout, ...] = ()


def first_transition(outcome: object) -> Transition:
    """Read what init returned, if it is the first state.

    Raises:
        BadOutcomeError: It is something else.
    """
    if not isinstance(outcome, NextState):
        raise BadOutcomeError(
            f"init returned {outcome!r}; return next_state(first, ...), "
            f"stop_with(reason) or ignore()."
        )
    bare = Transition(outcome.state, changed=True, entering=True)
    return with_actions(bare, None, outcome.actions)


def transition(state: object, event: StateEvent, outcome: object) -> Transition:
    """Read what handle_event returned.

    Args:
        state: The state before.
        event: What was handled.
        outcome: What it returned.

    Raises:
        BadOutcomeError: It is no outcome, or one that does not fit the event.
    """
    bare = Transition(state)
    actions: tuple[Action, ...] = ()
    match outcome:
        case NextState(state=target, actions=actions):
            changed = target != state
            bare = Transition(target, changed, changed)
        case RepeatState(actions=actions):
            bare = Transition(state, entering=True)
        case KeepState(actions=actions):
            pass
        case Reply():
            actions = (outcome,)
        case NoReply(then=then, timeout=None) if then is NOTHING:
            pass
        case None if not isinstance(event, Call):
            pass
        case _:
            raise BadOutcomeError(complaint(event, outcome))
    return with_actions(bare, event, actions)


def entry(state: object, outcome: object) -> Transition:
    """Read what handle_enter returned; it may reply and set timeouts only.

    Raises:
        BadOutcomeError: It returned something else.
    """
    match outcome:
        case None:
            return Transition(state)
        case KeepState(actions=actions) if all(
            isinstance(action, ReplyTo | SetTimeout) for action in actions
        ):
            return with_actions(Transition(state), None, actions)
        case _:
            raise BadOutcomeError(
                f"handle_enter returned {outcome!r}; return None, stop_with(reason), "
                f"or keep_state with timeouts and reply_to only."
            )


def with_actions(
    bare: Transition, event: StateEvent | None, actions: tuple[Action, ...]
) -> Transition:
    """Add what the actions of an outcome say.

    Raises:
        BadOutcomeError: One of them is no action, or does not fit the event.
    """
    if not actions:
        return bare
    require_actions(event, actions)
    return Transition(
        bare.state,
        bare.changed,
        bare.entering,
        tuple(answer(event, a) for a in actions if isinstance(a, Reply | ReplyTo)),
        any(isinstance(a, Postpone) for a in actions),
        tuple(a.event for a in actions if isinstance(a, NextEvent)),
        tuple(a for a in actions if isinstance(a, SetTimeout)),
    )


def answer(event: StateEvent | None, action: Reply | ReplyTo) -> ReplyTo:
    """Return to whom a reply goes.

    Raises:
        BadOutcomeError: The event has no caller, or the reply says more.
    """
    if isinstance(action, ReplyTo):
        return action
    if not isinstance(event, Call):
        raise BadOutcomeError(
            f"{action!r} has nobody to go to: {event!r} is no call; "
            f"use reply_to(caller, value)."
        )
    if action.then is not NOTHING or action.timeout is not None:
        raise BadOutcomeError(
            f"{action!r} has more than a value; in a state machine use "
            f"next_event(Internal(...)) for `then` and event_timeout for `timeout`."
        )
    return ReplyTo(event, action.value)


ACTIONS: Final = (Reply, ReplyTo, Postpone, NextEvent, SetTimeout)


def require_actions(event: StateEvent | None, actions: tuple[object, ...]) -> None:
    """Check the actions of an outcome.

    Raises:
        BadOutcomeError: One is no action, or there is no event to postpone.
    """
    for action in actions:
        if not isinstance(action, ACTIONS):
            raise BadOutcomeError(f"{action!r} is no action of a state machine.")
        if isinstance(action, Postpone) and event is None:
            raise BadOutcomeError("init cannot postpone: there is no event yet.")


def complaint(event: StateEvent, outcome: object) -> str:
    """Say what should have been returned."""
    expected = "next_state(...), keep_state(...), repeat_state(...) or stop_with(...)"
    if isinstance(event, Call):
        expected = f"reply(value), {expected}; keep_state() if the reply comes later"
    return f"handle_event returned {outcome!r} for {event!r}; return {expected}."
