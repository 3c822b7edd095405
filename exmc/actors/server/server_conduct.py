"""How a GenServer's callbacks are run for each message."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

from exmc.actors.errors import BadOutcomeError
from exmc.actors.kernel.mailbox import NOTHING
from exmc.actors.messages import Exit
from exmc.actors.process.crash import passes
from exmc.actors.process.envelope import Call, Cast, Continued, Start, StopRequest
from exmc.actors.server.beginning import begin
from exmc.actors.server.callbacks import is_coroutine
from exmc.actors.server.ending import end
from exmc.actors.server.idling import go_on
from exmc.actors.server.outcome import NoReply, Reply, Stop

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from exmc.actors.kernel.conduct import Work
    from exmc.actors.kernel.control_block import ControlBlock
    from exmc.actors.server.callbacks import Callbacks


ENVELOPES: Final[set[type]] = {Call, Cast, Start, StopRequest, Continued, Exit}
"""The messages that are not for handle_info, or not always; and kinds of Call."""


class ServerConduct:
    """Runs the callbacks of servers.

    Args:
        server: Whose callbacks; by default those of the process's own behaviour.
    """

    # A slot, since it is looked up for each message.
    __slots__ = ("_server", "envelopes")

    def __init__(self, server: Callbacks | None = None) -> None:
        self._server = server
        self.envelopes = ENVELOPES

    def callbacks(self, block: ControlBlock) -> Callbacks:
        """Return the object whose callbacks are run."""
        return self._server or cast("Callbacks", block.behaviour)

    def plain(self, block: ControlBlock, /) -> Callable[[Any], object]:
        """Return the callback for messages without an envelope."""
        return self.callbacks(block).handle_info

    def open(self, block: ControlBlock, message: Any, /) -> Work | None:  # noqa: ANN401 (one of `envelopes`)
        """Handle a message by the callback it is for."""
        server: Any = self._server or block.behaviour
        try:
            if isinstance(message, Call):
                outcome = server.handle_call(message.request, message)
                if type(outcome) is Reply:
                    message.reply(outcome.value)
                    if outcome.then is not NOTHING or outcome.timeout is not None:
                        go_on(block, outcome)
                    return None
                # It may be answered later, or never: to return nothing is a mistake.
                message.hold(block)
                outcome = NOTHING if outcome is None else outcome
            elif type(message) is Start:
                return begin(server, block, message)
            else:
                outcome = uncalled(server, block, message)
        except BaseException as error:  # noqa: BLE001 (it is this process's end)
            if isinstance(message, Call):
                message.hold(block)
            return self.crash(block, message, error)
        return None if outcome is None else self.settle(block, message, outcome)

    def settle(
        self, block: ControlBlock, message: object, outcome: object, /
    ) -> Work | None:
        """Do what an outcome says; await an async callback for it first."""
        if is_coroutine(outcome):
            return self._later(block, message, outcome)
        try:
            return self._obey(block, message, outcome)
        except BadOutcomeError as error:
            return self.crash(block, message, error)

    def crash(
        self, block: ControlBlock, message: object, error: BaseException, /
    ) -> Work | None:
        """Run terminate, and end with the error; one that is none goes on."""
        if passes(block, error):
            raise error
        return end(self.callbacks(block), block, ("error", error), message)

    async def _later(
        self,
        block: ControlBlock,
        message: object,
        handling: Coroutine[Any, Any, object],
    ) -> None:
        work: Work | None = None
        try:
            outcome = await handling
            if outcome is not None or isinstance(message, Call):
                work = self.settle(block, message, outcome)
        except BaseException as error:  # noqa: BLE001 (it is this process's end)
            work = self.crash(block, message, error)
        if work is not None:
            await work

    def _obey(
        self, block: ControlBlock, message: object, outcome: object
    ) -> Work | None:
        match outcome:
            case Reply() if isinstance(message, Call):
                message.reply(outcome.value)
                go_on(block, outcome)
            case NoReply():
                go_on(block, outcome)
            case Stop():
                if isinstance(message, Call) and outcome.reply is not NOTHING:
                    message.reply(outcome.reply)
                return end(self.callbacks(block), block, outcome.reason, message)
            case _:
                raise BadOutcomeError(complaint(block, message, outcome))
        return None


def is_end(block: ControlBlock, message: StopRequest | Exit) -> bool:
    """Tell whether a process must obey: it is asked to stop, or its parent ended."""
    return isinstance(message, StopRequest) or message.pid is block.parent


def uncalled(server: Callbacks, block: ControlBlock, message: object) -> object:
    """Return what to do with a message that is not a call."""
    match message:
        case Cast(message=content):
            return server.handle_cast(content)
        case StopRequest() | Exit() if is_end(block, message):
            return Stop(message.reason)
        case Continued(argument=argument):
            return server.handle_continue(argument)
        case _:
            return server.handle_info(message)


def complaint(block: ControlBlock, message: object, outcome: object) -> str:
    """Say what a callback may return."""
    got = "None" if outcome is None or outcome is NOTHING else repr(outcome)
    expected = "noreply() or stop_with(reason), or None"
    if isinstance(message, Call):
        expected = "reply(value), noreply() or stop_with(reason)"
    name = type(block.behaviour).__name__
    return f"{name} returned {got} for {message!r}; return {expected}."


SERVER: Final = ServerConduct()
