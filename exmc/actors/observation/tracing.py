"""Following one process: every message it handles, and what it answers."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from exmc.actors.process.envelope import Call
from exmc.actors.server.server_conduct import ENVELOPES

if TYPE_CHECKING:
    from exmc.actors.exit_reason import Reason
    from exmc.actors.kernel.control_block import ControlBlock
    from exmc.actors.pid import Pid, Target

logger = logging.getLogger("exmc.actors")


Kind: TypeAlias = Literal["in", "out", "noreply", "ended"]


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
    kind: Kind
    content: object = None
    to: Pid | None = None


Tracer: TypeAlias = Callable[[TraceEvent], object]
"""What is told of each event, in the turn of the process; it must not wait."""


class TracedCall(Call):
    """A call whose answer is told."""

    __slots__ = ("_call", "_tracers", "answered")

    def __init__(self, call: Call, tracers: Tracers) -> None:
        self.pid = call.pid
        self.request = call.request
        self.holder = None
        self.answered = False
        self._call = call
        self._tracers = tracers

    def reply(self, value: object) -> None:
        """Answer, and tell it the first time."""
        self._call.reply(value)
        if not self.answered:
            self.answered = True
            self._tracers.tell("out", value, self.pid)

    def down(self, reason: Reason) -> None:
        """Fail the call."""
        self._call.down(reason)

    def hold(self, holder: Target) -> None:
        """Let the call fail when the process ends without an answer."""
        self._call.hold(holder)

    def release(self) -> None:
        """It is answered, or nobody waits."""
        self._call.release()


# A traced process may hand a call on to one that is not.
ENVELOPES.add(TracedCall)


class Tracers:
    """Who is told what one process does.

    Args:
        block: The process.
    """

    def __init__(self, block: ControlBlock) -> None:
        self._block = block
        self._tracers: list[Tracer] = []

    def __bool__(self) -> bool:
        """Whether anybody is told."""
        return bool(self._tracers)

    def add(self, tracer: Tracer) -> None:
        """Tell a tracer from now on; once, if added twice."""
        if tracer not in self._tracers:
            self._tracers.append(tracer)

    def remove(self, tracer: Tracer | None) -> None:
        """Tell a tracer no more; None is all of them but who counts."""
        self._tracers = [
            t
            for t in self._tracers
            if t != tracer and (tracer is not None or isinstance(t, Counting))
        ]

    def counting(self) -> Counting | None:
        """Return who counts, or None."""
        return next((t for t in self._tracers if isinstance(t, Counting)), None)

    def traced(self, message: object) -> object:
        """Tell that a message is about to be handled, and return what to handle."""
        self.tell("in", message)
        return TracedCall(message, self) if isinstance(message, Call) else message

    def handled(self, message: object) -> None:
        """Tell that a message has been handled, if that has answered nobody."""
        if not (isinstance(message, TracedCall) and message.answered):
            self.tell("noreply")

    def tell(self, kind: Kind, content: object = None, to: Pid | None = None) -> None:
        """Tell every tracer of an event; one that raises is told no more."""
        now = self._block.kernel.clock.now()
        event = TraceEvent(self._block.pid, now, kind, content, to)
        for tracer in tuple(self._tracers):
            try:
                tracer(event)
            except (KeyboardInterrupt, SystemExit):
                raise
            except BaseException:
                logger.exception("%r raised and traces %s no more", tracer, event.pid)
                self.remove(tracer)


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
