"""A process with states: what an event means depends on the state it meets.

The semantics are those of Erlang's gen_statem, handle_event_function style.
"""

# ruff: noqa: ANN401 (a subclass says what its callbacks take)

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from exmc.actors.process.behaviour import Behaviour
from exmc.actors.server.server_conduct import ServerConduct
from exmc.actors.server.state_machine_loop import StateMachineLoop

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from exmc.actors.exit_reason import Reason
    from exmc.actors.server.state_outcome import (
        EnterOutcome,
        StateInitOutcome,
        StateOutcome,
    )


class StateMachine(Behaviour):
    """A process that is in one state at a time; used as a GenServer is.

    A handler says where to go and what else to do, and matching says when:

        def handle_event(self, event, state):
            match state, event:
                case "locked", Call(request=code) if code == self.code:
                    return next_state("open", reply("ok"), state_timeout(10.0))
                case "open", StateTimeout():
                    return next_state("locked")
                case _, Call():
                    return reply("no")

    Every callback may be a plain or an async function. Whatever is not the state
    is kept on the object.

    Attributes:
        state: The present state; outcomes change it.
    """

    state: Any = None

    def init(
        self, *args: Any, **kwargs: Any
    ) -> Awaitable[StateInitOutcome] | StateInitOutcome:
        """Set up and return next_state(first, ...); the start returns when this does.

        Return stop_with(reason) to fail, ignore() to succeed without a process.
        """
        raise NotImplementedError(f"{type(self).__name__} has no init.")

    def handle_event(
        self, event: Any, state: Any, /
    ) -> Awaitable[StateOutcome] | StateOutcome:
        """Handle an event in a state.

        Args:
            event: A Call, Cast, Info, Internal, StateTimeout, EventTimeout or
                NamedTimeout.
            state: The present state.
        """
        raise NotImplementedError(
            f"{type(self).__name__} has no handle_event for {event!r} in {state!r}."
        )

    def handle_enter(
        self,
        state: Any,  # noqa: ARG002 (the default does nothing)
        previous: Any,  # noqa: ARG002
        /,
    ) -> Awaitable[EnterOutcome] | EnterOutcome:
        """Take note that a state was entered, before any other event.

        It may return keep_state with timeouts and reply_to, or stop_with(reason).

        Args:
            state: The state entered.
            previous: The one before; the same one at first, or if it is repeated.
        """
        return None

    def terminate(self, reason: Reason, /) -> Awaitable[None] | None:  # noqa: ARG002 (the default has nothing to do)
        """Clean up before the end; not run when the process is killed."""
        return None

    def system_get_state(self) -> tuple[Any, dict[str, object]]:
        """Return the state and all other attributes, as system.get_state gives them."""
        own = vars(self).items()
        return self.state, {k: v for k, v in own if k not in {"pid", "state"}}

    def system_replace_state(self, state: Any, /) -> None:
        """Take another state and other attributes; no state is entered or left.

        Raises:
            TypeError: They are not a state and a dict; the machine is as it was.
        """
        match state:
            case (present, dict() as attributes):
                own = vars(self)
                kept = {"pid": self.pid, "state": present}
                own.clear()
                own.update(attributes | kept)
            case _:
                raise TypeError(
                    f"The state of a {type(self).__name__} is (state, attributes); "
                    f"the function given to replace_state returned {state!r}."
                )

    def make_conduct(self) -> ServerConduct:
        """A conduct of its own: the loop keeps this machine's events and timers."""
        return ServerConduct(StateMachineLoop(self))
