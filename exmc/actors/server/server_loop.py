"""How a GenServer's callbacks are run for each message, and how it ends."""

from __future__ import annotations

import asyncio
from types import CoroutineType
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeGuard

from exmc.actors.errors import BadOutcomeError
from exmc.actors.exit_reason import NORMAL, ProcessExit, is_orderly
from exmc.actors.kernel.mailbox import NOTHING
from exmc.actors.messages import Exit, Timeout
from exmc.actors.process.crash import report_crash
from exmc.actors.process.envelope import Call, Cast, Continued, Start, StopRequest
from exmc.actors.server.outcome import Ignore, NoReply, Reply, Stop

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from exmc.actors.clock import TimerHandle
    from exmc.actors.exit_reason import Reason
    from exmc.actors.kernel.control_block import ControlBlock


RARE: Final = frozenset({Start, Exit, StopRequest, Continued})
"""Messages that need a second look; all others are the user's."""


def is_coroutine(value: object) -> TypeGuard[Coroutine[Any, Any, object]]:
    """Tell whether a callback was an async function: then this is left to await."""
    return type(value) is CoroutineType


class Callbacks(Protocol):
    """What the loop calls; each may be a plain or an async function."""

    def init(self, *args: object, **kwargs: object) -> object:
        """Set up."""
        ...

    def handle_call(self, request: object, caller: Call, /) -> object:
        """Answer a request."""
        ...

    def handle_cast(self, message: object, /) -> object:
        """Take a message that wants no answer."""
        ...

    def handle_info(self, message: object, /) -> object:
        """Take any other message."""
        ...

    def handle_continue(self, argument: object, /) -> object:
        """Go on with what an outcome asked for."""
        ...

    def terminate(self, reason: Reason, /) -> object:
        """Clean up."""
        ...


class ServerLoop:
    """Runs the callbacks of one server."""

    __slots__ = ("_block", "_idle", "_server")

    def __init__(self, server: Callbacks, block: ControlBlock) -> None:
        self._server = server
        self._block = block
        self._idle: TimerHandle | None = None

    def handle(self, message: object) -> Coroutine[Any, Any, None] | None:
        """Handle one message; what is left to await comes back as a coroutine."""
        if self._idle is not None:
            self._idle.cancel()
            self._idle = None
        try:
            outcome = self._dispatch(message)
            if outcome is None:
                return None
            if is_coroutine(outcome):
                return self._finish(message, outcome)
            return self._obey(message, outcome)
        except Exception as error:  # noqa: BLE001 (it is this process's end)
            return self._end(("error", error), message)

    def _dispatch(self, message: object) -> object:
        if isinstance(message, Call):
            outcome: object = self._server.handle_call(message.request, message)
            return NOTHING if outcome is None else outcome
        if isinstance(message, Cast):
            return self._server.handle_cast(message.message)
        if type(message) in RARE:
            return self._dispatch_rare(message)
        return self._server.handle_info(message)

    def _dispatch_rare(self, message: object) -> object:
        match message:
            case Start():
                return self._begin(message)
            case Exit(pid=pid, reason=reason) if pid is self._block.parent:
                return Stop(reason)
            case StopRequest(reason=reason):
                return Stop(reason)
            case Continued(argument=argument):
                return self._server.handle_continue(argument)
            case _:
                return self._server.handle_info(message)

    async def _finish(
        self, message: object, handling: Coroutine[Any, Any, object]
    ) -> None:
        try:
            outcome = await handling
            ending = self._obey(message, outcome)
        except asyncio.CancelledError as error:
            if self._block.cancelled_from_outside:
                raise
            ending = self._end(("error", error), message)
        except Exception as error:  # noqa: BLE001 (it is this process's end)
            ending = self._end(("error", error), message)
        if ending is not None:
            await ending

    def _obey(
        self, message: object, outcome: object
    ) -> Coroutine[Any, Any, None] | None:
        """Do what an outcome says; ending the process is left to be awaited."""
        match outcome:
            case Reply() if isinstance(message, Call):
                message.reply(outcome.value)
                self._go_on(outcome)
            case NoReply():
                self._go_on(outcome)
            case Stop():
                if isinstance(message, Call) and outcome.reply is not NOTHING:
                    message.reply(outcome.reply)
                return self._end(outcome.reason, message)
            case None if not isinstance(message, Call):
                pass
            case _:
                raise BadOutcomeError(self._complaint(message, outcome))
        return None

    def _complaint(self, message: object, outcome: object) -> str:
        got = "None" if outcome is None or outcome is NOTHING else repr(outcome)
        expected = "noreply() or stop_with(reason), or None"
        if isinstance(message, Call):
            expected = "reply(value), noreply() or stop_with(reason)"
        name = type(self._server).__name__
        return f"{name} returned {got} for {message!r}; return {expected}."

    def _go_on(self, outcome: Reply | NoReply) -> None:
        if outcome.then is not NOTHING:
            self._block.deliver_first(Continued(outcome.then))
        if outcome.timeout is not None:
            self._idle = self._block.kernel.clock.call_later(
                outcome.timeout, self._idled
            )

    def _idled(self) -> None:
        """Deliver a Timeout, unless the process is dead or has something to do."""
        self._idle = None
        if self._block.pid.alive and not self._block.mailbox:
            self._block.deliver(Timeout())

    # The beginning and the end

    async def _begin(self, start: Start) -> None:
        try:
            outcome = self._server.init(*start.args, **start.kwargs)
            if is_coroutine(outcome):
                outcome = await outcome
        except Exception as error:
            self._block.disown()
            raise ProcessExit(("error", error)) from error
        self._begin_with(start, outcome)

    def _begin_with(self, start: Start, outcome: object) -> None:
        match outcome:
            case Stop(reason=reason):
                self._block.disown()
                raise ProcessExit(reason)
            case Ignore():
                self._block.disown()
                start.succeed(running=False)
                raise ProcessExit(NORMAL)
            case NoReply():
                self._go_on(outcome)
            case None:
                pass
            case _:
                self._block.disown()
                bad = BadOutcomeError(
                    f"{start.what}.init returned {outcome!r}; return nothing, "
                    f"continue_with(argument), stop_with(reason) or ignore()."
                )
                raise ProcessExit(("error", bad))
        self._block.drop_watcher(start)
        start.succeed(running=True)

    async def _end(self, reason: Reason, message: object) -> None:
        """Run terminate, report what is not orderly, and end."""
        try:
            farewell = self._server.terminate(reason)
            if is_coroutine(farewell):
                await farewell
        except Exception as error:  # noqa: BLE001 (it becomes the exit reason)
            reason = ("error", error)
        if not is_orderly(reason):
            report_crash(self._block, reason, message)
        raise ProcessExit(reason)
