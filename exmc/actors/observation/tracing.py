"""Following one process: every message it handles, and what it answers.

A traced process has another handler around its own. The others pay nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from exmc.actors.process.envelope import Call
from exmc.actors.process.system_message import SystemMessage

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from exmc.actors.exit_reason import Reason
    from exmc.actors.kernel.control_block import ControlBlock
    from exmc.actors.pid import Pid

logger = logging.getLogger("exmc.actors")


@dataclass(frozen=True, slots=True)
class TraceEvent:
    """Something a traced process did.

    Attributes:
        pid: The process.
        seconds: When, on the runtime's clock.
        kind: "in" before a message is handled, "out" when a call is answered,
            "noreply" when a message was handled and answered nobody, "ended".
        content: The message, the answer or the exit reason; None for "noreply".
        to: Who was answered, or None.
    """

    pid: Pid
    seconds: float
    kind: Literal["in", "out", "noreply", "ended"]
    content: object = None
    to: Pid | None = None


Tracer: TypeAlias = Callable[[TraceEvent], object]
"""What is told of each event, in the turn of the process; it must not wait."""


class TracedCall(Call):
    """A call whose answer is told."""

    __slots__ = ("_call", "_tracing", "answered")

    def __init__(self, call: Call, tracing: Tracing) -> None:
        self.pid = call.pid
        self.request = call.request
        self.answered = False
        self._call = call
        self._tracing = tracing

    def reply(self, value: object) -> None:
        """Answer, and tell it the first time."""
        self._call.reply(value)
        if not self.answered:
            self.answered = True
            self._tracing.tell("out", value, self.pid)

    def down(self, reason: Reason) -> None:
        """Fail the call."""
        self._call.down(reason)


class Tracing:
    """The handler of a traced process.

    Args:
        block: The process; its handler is the one that does the work.

    Attributes:
        tracers: Who is told.
    """

    def __init__(self, block: ControlBlock) -> None:
        self.tracers: list[Tracer] = []
        self._block = block
        self._handle = block.handle
        block.handle = self
        block.add_watcher(self)

    def __call__(self, message: object) -> Coroutine[Any, Any, None] | None:
        """Handle a message as the process does, and tell of it."""
        if isinstance(message, SystemMessage):
            return self._handle(message)
        self.tell("in", message)
        if isinstance(message, Call):
            message = TracedCall(message, self)
        rest = self._handle(message)
        if rest is not None:
            return self._finish(message, rest)
        self._tell_silence(message)
        return None

    def tell(
        self,
        kind: Literal["in", "out", "noreply", "ended"],
        content: object = None,
        to: Pid | None = None,
    ) -> None:
        """Tell every tracer of an event; one that raises is told no more."""
        event = TraceEvent(
            self._block.pid, self._block.kernel.clock.now(), kind, content, to
        )
        for tracer in tuple(self.tracers):
            try:
                tracer(event)
            except (KeyboardInterrupt, SystemExit):
                raise
            except BaseException:
                logger.exception("%r raised and traces %s no more", tracer, event.pid)
                self.remove(tracer)

    def remove(self, tracer: Tracer) -> None:
        """Tell a tracer no more; without any, the process is as it was."""
        if tracer in self.tracers:
            self.tracers.remove(tracer)
        if not self.tracers:
            self._block.drop_watcher(self)
            if self._block.handle is self:
                self._block.handle = self._handle

    def down(self, reason: Reason) -> None:
        """Tell the end of the process."""
        self.tell("ended", reason)

    async def _finish(self, message: object, rest: Coroutine[Any, Any, None]) -> None:
        await rest
        self._tell_silence(message)

    def _tell_silence(self, message: object) -> None:
        if not (isinstance(message, TracedCall) and message.answered):
            self.tell("noreply")


def tracing_of(block: ControlBlock) -> Tracing | None:
    """Return the handler of a traced process; None if it is not traced."""
    return block.handle if isinstance(block.handle, Tracing) else None


def add_tracer(block: ControlBlock, tracer: Tracer) -> None:
    """Let a tracer be told from the next message on; once, if added twice."""
    tracing = tracing_of(block) or Tracing(block)
    if tracer not in tracing.tracers:
        tracing.tracers.append(tracer)


def remove_tracer(block: ControlBlock, tracer: Tracer) -> None:
    """Let a tracer be told no more."""
    tracing = tracing_of(block)
    if tracing is not None:
        tracing.remove(tracer)


def remove_tracers(block: ControlBlock) -> None:
    """Let nobody be told any more, except who counts for `statistics`."""
    tracing = tracing_of(block)
    for tracer in () if tracing is None else tuple(tracing.tracers):
        if not isinstance(tracer, Counting):
            remove_tracer(block, tracer)


@dataclass(frozen=True, slots=True)
class Statistics:
    """What one process has done since it is counted.

    Attributes:
        since: When the counting began, in seconds of the runtime's clock.
        seconds: How long it has gone on.
        messages_in: Messages handled.
        messages_out: Calls answered.
    """

    since: float
    seconds: float
    messages_in: int
    messages_out: int


class Counting:
    """A tracer that counts."""

    def __init__(self, since: float) -> None:
        self._since = since
        self._counts = {"in": 0, "out": 0, "noreply": 0, "ended": 0}

    def __call__(self, event: TraceEvent) -> None:
        """Count an event."""
        self._counts[event.kind] += 1

    def so_far(self, now: float) -> Statistics:
        """Return the counts at an instant."""
        counts = self._counts
        return Statistics(self._since, now - self._since, counts["in"], counts["out"])


def counting_of(block: ControlBlock) -> Counting | None:
    """Return who counts for a process, or None."""
    tracing = tracing_of(block)
    tracers = () if tracing is None else tracing.tracers
    return next((t for t in tracers if isinstance(t, Counting)), None)
