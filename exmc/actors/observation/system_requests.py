"""What can be asked of any server, and how each request is carried out on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from exmc.actors.clock import Turn
from exmc.actors.kernel.mailbox import NOTHING
from exmc.actors.messages import Exit
from exmc.actors.observation.system_state import (
    attributes,
    get_state_of,
    replace_state_of,
)
from exmc.actors.observation.tracing import (
    Counting,
    Tracer,
    add_tracer,
    counting_of,
    remove_tracer,
    remove_tracers,
    tracing_of,
)
from exmc.actors.process.envelope import StopRequest
from exmc.actors.process.system_message import SystemMessage
from exmc.actors.server.outcome import Stop

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from exmc.actors.kernel.control_block import ControlBlock
    from exmc.actors.pid import Pid


@dataclass(frozen=True, slots=True)
class GetState:
    """Return the state."""

    def carried_out(self, block: ControlBlock, message: SystemMessage) -> None:
        """Answer with the state."""
        message.answer(get_state_of(block.behaviour))


@dataclass(frozen=True, slots=True)
class ReplaceState:
    """Replace the state by what a function makes of it."""

    function: Callable[[Any], Any]

    def carried_out(self, block: ControlBlock, message: SystemMessage) -> None:
        """Answer with the new state."""
        message.answer(replace_state_of(block.behaviour, self.function))


@dataclass(frozen=True, slots=True)
class Trace:
    """Begin or end to tell a tracer what the process does.

    Attributes:
        tracer: Who is told; None, for ending only: all who are.
        telling: Whether it is to be told.
    """

    tracer: Tracer | None
    telling: bool

    def carried_out(
        self, block: ControlBlock, message: SystemMessage
    ) -> Coroutine[Any, Any, None]:
        """Answer when it is so for the next message."""
        if self.tracer is None:
            remove_tracers(block)
        else:
            (add_tracer if self.telling else remove_tracer)(block, self.tracer)
        return answer_next_turn(message, None)


@dataclass(frozen=True, slots=True)
class GetStatistics:
    """Return what was counted.

    Attributes:
        collect: True to begin anew, False to end, None to go on.
    """

    collect: bool | None

    def carried_out(
        self, block: ControlBlock, message: SystemMessage
    ) -> Coroutine[Any, Any, None]:
        """Answer with the counts up to now, or None."""
        now, counting = block.kernel.clock.now(), counting_of(block)
        if counting is not None and self.collect is not None:
            remove_tracer(block, counting)
        if self.collect:
            add_tracer(block, Counting(now))
        return answer_next_turn(message, counting and counting.so_far(now))


async def answer_next_turn(message: SystemMessage, value: object) -> None:
    """Answer when the process has begun to use another handler.

    It keeps the one it has for as long as it handles messages without a pause.
    """
    await Turn()
    message.answer(value)


@dataclass(frozen=True, slots=True)
class Status:
    """A process at one moment.

    Attributes:
        pid: The process.
        name: Its registered name, or None.
        kind: The class of its behaviour.
        status: Whether it handles all messages, or none but system messages.
        parent: Who started it with a link, or None.
        mailbox: Messages that wait.
        traced: Whether somebody is told what it does.
        state: Its attributes, as a crash report would choose them.
    """

    pid: Pid
    name: str | None
    kind: str
    status: Literal["running", "suspended"]
    parent: Pid | None
    mailbox: int
    traced: bool
    state: object


def status_of(block: ControlBlock, status: Literal["running", "suspended"]) -> Status:
    """Describe a process."""
    return Status(
        pid=block.pid,
        name=block.name,
        kind=type(block.behaviour).__name__,
        status=status,
        parent=block.parent,
        mailbox=len(block.mailbox),
        traced=tracing_of(block) is not None,
        state=block.behaviour.for_reports(attributes(block.behaviour)),
    )


@dataclass(frozen=True, slots=True)
class GetStatus:
    """Describe the process."""

    def carried_out(self, block: ControlBlock, message: SystemMessage) -> None:
        """Answer with the description."""
        message.answer(status_of(block, "running"))


@dataclass(frozen=True, slots=True)
class Resume:
    """Handle all messages again."""

    def carried_out(
        self,
        block: ControlBlock,  # noqa: ARG002 (it is not suspended)
        message: SystemMessage,
    ) -> None:
        """Answer; there is nothing to do."""
        message.answer(None)


@dataclass(frozen=True, slots=True)
class Suspend:
    """Handle system messages only."""

    def carried_out(
        self, block: ControlBlock, message: SystemMessage
    ) -> Coroutine[Any, Any, Stop | None]:
        """Answer, and leave all other messages where they are."""
        message.answer(None)
        return suspended(block)


async def suspended(block: ControlBlock) -> Stop | None:
    """Handle system messages until one says resume, or the process is to end."""
    while True:
        message = await urgent(block)
        if not isinstance(message, SystemMessage):
            return Stop(message.reason)
        match message.request:
            case Resume():
                message.answer(None)
                return None
            case Suspend():
                message.answer(None)
            case GetStatus():
                message.answer(status_of(block, "suspended"))
            case _:
                rest = message.handled_by(block)
                if rest is not None:
                    await rest


async def urgent(block: ControlBlock) -> SystemMessage | StopRequest | Exit:
    """Wait for what a suspended process handles; the rest stays in order."""

    def wanted(message: object) -> bool:
        if isinstance(message, Exit):
            return message.pid is block.parent
        return isinstance(message, SystemMessage | StopRequest)

    seen = 0
    while True:
        message = block.mailbox.take(wanted, skip=seen)
        if isinstance(message, SystemMessage | StopRequest | Exit):
            return message
        assert message is NOTHING  # noqa: S101 (see `wanted`)
        seen = len(block.mailbox)
        await block.arrival()
