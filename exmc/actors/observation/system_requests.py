"""What can be asked of any server, and how each request is carried out on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from exmc.actors.observation.attendant import attendant_of
from exmc.actors.observation.system_state import (
    attributes,
    get_state_of,
    replace_state_of,
)
from exmc.actors.observation.tracing import Counting, Tracer

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from exmc.actors.kernel.control_block import ControlBlock
    from exmc.actors.pid import Pid
    from exmc.actors.process.system_message import SystemMessage


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

    def carried_out(self, block: ControlBlock, message: SystemMessage) -> None:
        """Answer; it is so for the next message."""
        tracers = attendant_of(block).tracers
        if self.telling and self.tracer is not None:
            tracers.add(self.tracer)
        else:
            tracers.remove(self.tracer)
        message.answer(None)


@dataclass(frozen=True, slots=True)
class GetStatistics:
    """Return what was counted.

    Attributes:
        collect: True to begin anew, False to end, None to go on.
    """

    collect: bool | None

    def carried_out(self, block: ControlBlock, message: SystemMessage) -> None:
        """Answer with the counts up to now, or None."""
        now, tracers = block.kernel.clock.now(), attendant_of(block).tracers
        counting = tracers.counting()
        if counting is not None and self.collect is not None:
            tracers.remove(counting)
        if self.collect:
            tracers.add(Counting(now))
        message.answer(None if counting is None else counting.so_far(now))


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


@dataclass(frozen=True, slots=True)
class GetStatus:
    """Describe the process."""

    def carried_out(self, block: ControlBlock, message: SystemMessage) -> None:
        """Answer with the description."""
        attendant = attendant_of(block)
        state = block.behaviour.for_reports(attributes(block.behaviour))
        message.answer(
            Status(
                pid=block.pid,
                name=block.name,
                kind=type(block.behaviour).__name__,
                status="suspended" if attendant.held else "running",
                parent=block.parent,
                mailbox=len(block.mailbox),
                traced=bool(attendant.tracers),
                state=state,
            )
        )


@dataclass(frozen=True, slots=True)
class Suspend:
    """Handle system messages only."""

    def carried_out(
        self, block: ControlBlock, message: SystemMessage
    ) -> Coroutine[Any, Any, None] | None:
        """Answer, and leave all other messages where they are."""
        message.answer(None)
        return attendant_of(block).hold()


@dataclass(frozen=True, slots=True)
class Resume:
    """Handle all messages again."""

    def carried_out(self, block: ControlBlock, message: SystemMessage) -> None:
        """Answer, and let the process go on."""
        attendant_of(block).release()
        message.answer(None)
