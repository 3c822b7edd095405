"""How a state machine's callbacks are run: a server whose handlers are one handler."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Protocol

from exmc.actors.kernel.mailbox import NOTHING
from exmc.actors.process.envelope import Call, Cast
from exmc.actors.process.timers import cancel_timer, send_after
from exmc.actors.server.callbacks import is_coroutine
from exmc.actors.server.event_queue import Alarm, EventQueue
from exmc.actors.server.outcome import Ignore, NoReply, Stop
from exmc.actors.server.state_event import Info
from exmc.actors.server.transition import (
    Transition,
    entry,
    first_transition,
    transition,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from exmc.actors.exit_reason import Reason
    from exmc.actors.pid import Pid
    from exmc.actors.process.timers import TimerRef
    from exmc.actors.server.event_queue import Order
    from exmc.actors.server.state_event import StateEvent


class StateCallbacks(Protocol):
    """What the loop calls; each may be a plain or an async function."""

    pid: Pid
    state: Any

    def init(self, *args: object, **kwargs: object) -> object:
        """Give the first state."""
        ...

    def handle_event(self, event: StateEvent, state: object, /) -> object:
        """Handle an event."""
        ...

    def handle_enter(self, state: object, previous: object, /) -> object:
        """Take note that a state was entered."""
        ...

    def terminate(self, reason: Reason, /) -> object:
        """Clean up."""
        ...


WAIT: Final = NoReply()
"""Nothing is left inside the machine: what comes next comes from outside."""


class StateMachineLoop:
    """The callbacks of a server, made of those of a state machine."""

    __slots__ = ("_alarms", "_machine", "_queue")

    def __init__(self, machine: StateCallbacks) -> None:
        self._machine = machine
        self._queue = EventQueue()
        self._alarms: dict[Alarm, TimerRef] = {}

    # Callbacks

    def init(self, *args: object, **kwargs: object) -> object:
        """Take the first state; it is entered after the start has returned."""
        return then(self._machine.init(*args, **kwargs), self._begin)

    def handle_call(self, request: object, caller: Call, /) -> object:  # noqa: ARG002 (the caller has it)
        """Handle a call."""
        return self._handle(caller)

    def handle_cast(self, message: object, /) -> object:
        """Handle a cast."""
        return self._handle(Cast(message))

    def handle_info(self, message: object, /) -> object:
        """Handle any other message, or a timeout that is over."""
        if not isinstance(message, Alarm):
            return self._handle(Info(message))
        self._alarms.pop(message, None)
        event = self._queue.rung(message)
        return None if event is NOTHING else self._handle(event)

    def handle_continue(self, argument: Any, /) -> object:  # noqa: ANN401 (what this class put there)
        """Enter the first state, or handle an event from inside the machine."""
        if isinstance(argument, Transition):
            return self._enter(None, argument, argument.state)
        return self._handle(argument)

    def terminate(self, reason: Reason, /) -> object:
        """Let the machine clean up."""
        return self._machine.terminate(reason)

    # One event

    def _begin(self, outcome: object) -> object:
        if isinstance(outcome, Stop | Ignore):
            return outcome
        first = first_transition(outcome)
        self._machine.state = first.state
        return NoReply(then=first)

    def _handle(self, event: StateEvent) -> object:
        self._queue.interrupt()
        outcome = self._machine.handle_event(event, self._machine.state)
        return then(outcome, self._obey, event)

    def _obey(self, event: StateEvent, outcome: object) -> object:
        previous = self._machine.state
        if isinstance(outcome, Stop):
            if isinstance(event, Call) and outcome.reply is not NOTHING:
                event.reply(outcome.reply)
            return outcome
        step = transition(previous, event, outcome)
        self._machine.state = step.state
        send_replies(step)
        return self._enter(event, step, previous)

    def _enter(
        self, event: StateEvent | None, step: Transition, previous: object
    ) -> object:
        if not step.entering:
            return self._settle(event, step)
        outcome = self._machine.handle_enter(step.state, previous)
        return then(outcome, self._entered, event, step)

    def _entered(
        self, event: StateEvent | None, step: Transition, outcome: object
    ) -> object:
        if isinstance(outcome, Stop):
            return outcome
        more = entry(step.state, outcome)
        send_replies(more)
        timeouts = step.timeouts + more.timeouts
        return self._settle(event, step._replace(timeouts=timeouts))

    def _settle(self, event: StateEvent | None, step: Transition) -> object:
        self._queue.advance(event, step)
        for order in self._queue.orders():
            self._obey_order(order)
        following = self._queue.take()
        return WAIT if following is NOTHING else NoReply(then=following)

    def _obey_order(self, order: Order) -> None:
        if order.seconds is not None:
            timer = send_after(order.seconds, self._machine.pid, order.alarm)
            self._alarms[order.alarm] = timer
        elif (running := self._alarms.pop(order.alarm, None)) is not None:
            cancel_timer(running)


def send_replies(step: Transition) -> None:
    """Answer those whom a step answers."""
    for reply in step.replies:
        reply.caller.reply(reply.value)


def then(outcome: object, go_on: Callable[..., object], *args: object) -> object:
    """Go on with what a callback returned, now or when it has been awaited."""
    if is_coroutine(outcome):
        return awaited(outcome, go_on, *args)
    return go_on(*args, outcome)


async def awaited(
    outcome: Coroutine[Any, Any, object], go_on: Callable[..., object], *args: object
) -> object:
    """Await a callback, and go on with what it returned."""
    result = go_on(*args, await outcome)
    return await result if is_coroutine(result) else result
