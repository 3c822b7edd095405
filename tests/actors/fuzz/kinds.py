"""The kinds of processes in a storm."""

from __future__ import annotations

from collections.abc import Awaitable, Coroutine
from typing import Any, TypeVar

from exmc.actors import (
    Call,
    CallOutcome,
    Exit,
    GenServer,
    Info,
    Outcome,
    Process,
    Reply,
    StateInitOutcome,
    StateMachine,
    StateOutcome,
    StateTimeout,
    Stop,
    keep_state,
    next_state,
    noreply,
    postpone,
    state_timeout,
)
from exmc.actors.clock import Turn
from exmc.actors.exit_reason import ProcessExit
from tests.actors.fuzz.actor import Actor, Answer, Result, asked_by, is_superior
from tests.actors.fuzz.ledger import Crash, Numbered

T = TypeVar("T")


class Plain(Actor, GenServer):
    """A server without an init; most of its handlers are plain functions."""

    def handle_info(self, message: object, /) -> Awaitable[Outcome] | Outcome:
        """Respond."""
        return self.respond(message)

    def handle_call(
        self, _request: object, caller: Call, /
    ) -> Awaitable[CallOutcome] | CallOutcome:
        """Answer."""
        return self.answer_call(asked_by(caller), caller)


class Trapping(Plain):
    """The same, receiving exit signals as messages; it says good-bye."""

    trap_exit = True

    def terminate(self, _reason: object, /) -> None:
        """Send a last message."""
        self.tell(0, 0)


class Awaiting(Plain):
    """All its callbacks are async functions; its init takes its time, and may fail."""

    async def init(self) -> None:
        """Settle in, after a moment."""
        with self.world.ledger.within("async inits"):
            await self.world.nap()
        if self.world.ledger.handled and not self.world.below(20):
            raise Crash(self.world.number())

    async def handle_info(self, message: object, /) -> Outcome:
        """Respond."""
        return await settled(self.respond(message))

    async def terminate(self, _reason: object, /) -> None:
        """Take a while to end."""
        with self.world.ledger.within("async ends"):
            await Turn()


class Idling(Plain):
    """Asks for a Timeout after some messages, and may be told to stop by its init."""

    def init(self) -> Outcome:
        """Settle in."""
        self.settle_in()
        return noreply(then="begun")

    def handle_continue(self, _argument: object, /) -> Outcome:
        """Go on."""
        return noreply(timeout=self.world.moment())

    def handle_info(self, message: object, /) -> Awaitable[Outcome] | Outcome:
        """Respond, and wait for the next one for no longer than a moment."""
        response = super().handle_info(message)
        if response is None and isinstance(message, Numbered) and message.number % 8:
            return noreply(timeout=self.world.moment())
        return response


class Machine(Actor, StateMachine):
    """A state machine: while it is shut, messages of lane 1 are put off."""

    def init(self) -> StateInitOutcome:
        """Be open."""
        return next_state("open")

    def handle_event(
        self, event: object, state: object, /
    ) -> Awaitable[StateOutcome] | StateOutcome:
        """Respond, or put it off."""
        match event:
            case Info(message=Numbered() as message):
                return self.handle_numbered(message, state)
            case Info(message=message):
                return self.respond(message)
            case Call():
                return self.answer_call(asked_by(event), event)
            case StateTimeout():
                return next_state("open")
            case _:
                self.world.ledger.fault("strays", f"{event!r} at {self.pid}")
                return None

    def handle_numbered(
        self, message: Numbered, state: object
    ) -> Awaitable[StateOutcome] | StateOutcome:
        """Respond to a message, and shut now and then; or put it off."""
        channel = message.channel
        if message.waiting:
            channel.postponed -= 1
            message.waiting = False
        if state == "shut" and channel.lane:
            channel.postponed += 1
            message.waiting = True
            return keep_state(postpone())
        shutting = state == "open" and message.number % 16 == 15
        response = self.respond(message)
        if response is None and shutting:
            return next_state("shut", state_timeout(self.world.moment()))
        return response


class Body(Actor, Process):
    """Receives the messages of lane 1 first, and now and then waits for those only."""

    in_order = False

    async def run(self) -> None:
        """Be the process."""
        while True:
            message: Any = await self.receive(Numbered, in_lane_one, timeout=0)
            if message is None and not self.world.below(20):
                seconds = self.world.moment()
                message = await self.receive(Numbered, in_lane_one, timeout=seconds)
            if message is None:
                message = await self.receive(object)
            self.obey(message, await self.react(message))
            if isinstance(message, Exit) and is_superior(message.pid):
                return

    async def react(self, message: object) -> Result | Answer:
        """Respond to a message, or answer it."""
        if isinstance(message, Call):
            return await settled(self.answer_call(asked_by(message), message))
        return await settled(self.respond(message))

    def obey(self, message: object, outcome: Result | Answer) -> None:
        """Do what a server's loop does with an outcome."""
        if isinstance(outcome, Stop):
            raise ProcessExit(outcome.reason)
        if isinstance(outcome, Reply) and isinstance(message, Call):
            message.reply(outcome.value)


class TrappingBody(Body):
    """The same, receiving exit signals as messages."""

    trap_exit = True


def in_lane_one(message: Numbered) -> bool:
    """Tell whether a message goes before others."""
    return message.channel.lane == 1


async def settled(response: T | Coroutine[Any, Any, T]) -> T:
    """What a handler says in the end."""
    return await response if isinstance(response, Coroutine) else response


KINDS: tuple[type[Actor], ...] = (
    *(Plain, Plain, Plain, Trapping, Trapping, Awaiting, Idling),
    *(Machine, Body, TrappingBody),
)
