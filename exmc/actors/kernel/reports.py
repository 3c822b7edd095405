"""What went wrong in the processes of a runtime, kept and logged once."""

from __future__ import annotations

import logging
import traceback
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias, overload

from exmc.actors.events import CRASH
from exmc.actors.exit_reason import error_in
from exmc.actors.telemetry import execute, listeners

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exmc.actors.exit_reason import Reason
    from exmc.actors.pid import Pid

logger = logging.getLogger("exmc.actors")

KEPT: Final = 200
"""Reports kept in memory; older ones remain in the log only."""


@dataclass(frozen=True, slots=True)
class CrashReport:
    """A process ended for a reason of its own that is not orderly (OTP: proc_lib).

    Attributes:
        pid: The process.
        name: Its registered name, or None.
        kind: The class of its behaviour.
        reason: Its exit reason; ("error", exc) holds the traceback.
        last_message: What it was handling, as text.
        state: The behaviour's attributes, as text.
        parent: Who started it with a link, or None.
        initial_call: What it was started as: module and class, or function.
        ancestors: Who started it, who started that, and so on, nearest first.
        callers: For whom it did its work, nearest first (Elixir: $callers).
        links: Those who get a signal from its end.
    """

    pid: Pid
    name: str | None
    kind: str
    reason: Reason
    last_message: str
    state: str
    parent: Pid | None
    initial_call: str = ""
    ancestors: tuple[Pid, ...] = ()
    callers: tuple[Pid, ...] = ()
    links: tuple[Pid, ...] = ()

    @property
    def traceback(self) -> str:
        """The traceback of the exception that ended it, as text; "" if none did."""
        error = error_in(self.reason)
        return "" if error is None else "".join(traceback.format_exception(error))

    def __str__(self) -> str:
        parts = [
            f"{with_name(self.kind, self.pid, self.name)} ended with {self.reason!r}",
            f"last message: {self.last_message}",
            f"state: {self.state}",
        ]
        if self.initial_call:
            parts.append(f"initial call: {self.initial_call}")
        for what in ("ancestors", "callers", "links"):
            pids: tuple[Pid, ...] = getattr(self, what)
            if pids:
                parts.append(f"{what}: {some(pids)}")
        return "; ".join(parts)


@dataclass(frozen=True, slots=True)
class SupervisorReport:
    """Something a supervisor saw happen to a child.

    Attributes:
        supervisor: The supervisor.
        event: "child_ended", "start_failed", "shutdown_error" or "gave_up".
        child: The child's id.
        reason: The exit reason concerned.
    """

    supervisor: Pid
    event: str
    child: object
    reason: Reason


@dataclass(frozen=True, slots=True)
class StallReport:
    """The event loop did not turn for longer than it should.

    Attributes:
        pid: The process whose code was running; None for other code on the loop.
        name: Its registered name, or None.
        kind: The class of its behaviour, or None.
        where: The line that was running, and who had called it; None if unknown.
        seconds: How long the loop stood still; in the log, until it was noticed.
        alone: Whether one turn of one process took all that time; if not, the
            process is one of many that had theirs.
    """

    pid: Pid | None
    name: str | None
    kind: str | None
    where: str | None
    seconds: float
    alone: bool = True

    def __str__(self) -> str:
        who = "code outside any process"
        if self.pid is not None:
            who = with_name(self.kind or "process", self.pid, self.name)
        others = "" if self.alone else " and others before it"
        return (
            f"The event loop has stood still for {self.seconds:.2f} s "
            f"in {who}{others}: {self.where or 'at an unknown place'}"
        )


Report: TypeAlias = CrashReport | SupervisorReport | StallReport

MOST_NAMED: Final = 10
"""Pids that a line of the log lists; a supervisor may have any number of links."""


def with_name(kind: str, pid: Pid, name: str | None) -> str:
    """Return how the log calls a process."""
    return f"{kind} {pid} ({name})" if name else f"{kind} {pid}"


def called(pid: Pid) -> str:
    """Return a pid as text, with its name while it is alive."""
    name = getattr(pid.target, "name", None)
    return f"{pid} ({name})" if name else f"{pid}"


def some(pids: tuple[Pid, ...]) -> str:
    """Return the first few pids as text, and how many there are besides."""
    named = ", ".join(map(called, pids[:MOST_NAMED]))
    left = len(pids) - MOST_NAMED
    return f"{named} and {left} more" if left > 0 else named


class Reports(Sequence[Report]):
    """The latest reports, oldest first: reports[-1] is the newest."""

    def __init__(self) -> None:
        self._reports: deque[Report] = deque(maxlen=KEPT)

    def crash(self, report: CrashReport) -> None:
        """Keep and log a crash, with the traceback if there is one."""
        self._reports.append(report)
        logger.error("%s", report, exc_info=error_in(report.reason))
        if listeners:
            execute(CRASH, metadata={"pid": report.pid, "report": report})

    def stall(self, report: StallReport) -> None:
        """Keep a stall; it was logged while it lasted."""
        self._reports.append(report)

    def supervision(self, report: SupervisorReport) -> None:
        """Keep and log what a supervisor saw."""
        self._reports.append(report)
        # What made the child end was logged where it happened.
        ended = report.event == "child_ended"
        level = logging.INFO if ended else logging.ERROR
        logger.log(
            level,
            "Supervisor %s: %s, child %r, reason %r",
            report.supervisor,
            report.event,
            report.child,
            report.reason,
        )

    def __iter__(self) -> Iterator[Report]:
        return iter(tuple(self._reports))

    @overload
    def __getitem__(self, index: int) -> Report: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[Report, ...]: ...

    def __getitem__(self, index: int | slice) -> Report | tuple[Report, ...]:
        return tuple(self._reports)[index]

    def __len__(self) -> int:
        return len(self._reports)
