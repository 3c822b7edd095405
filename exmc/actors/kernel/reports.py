"""What went wrong in the processes of a runtime, kept and logged once."""

from __future__ import annotations

import logging
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from exmc.actors.exit_reason import error_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exmc.actors.exit_reason import Reason
    from exmc.actors.pid import Pid

logger = logging.getLogger("exmc.actors")

KEPT: Final = 200
"""Reports kept in memory; older ones remain in the log only."""


@dataclass(frozen=True, slots=True)
class CrashReport:
    """A process ended for a reason of its own that is not orderly.

    Attributes:
        pid: The process.
        name: Its registered name, or None.
        kind: The class of its behaviour.
        reason: Its exit reason; ("error", exc) holds the traceback.
        last_message: What it was handling, as text.
        state: The behaviour's attributes, as text.
        parent: Who started it, or None.
    """

    pid: Pid
    name: str | None
    kind: str
    reason: Reason
    last_message: str
    state: str
    parent: Pid | None


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


Report: TypeAlias = CrashReport | SupervisorReport


class Reports:
    """The latest reports, oldest first."""

    def __init__(self) -> None:
        self._reports: deque[Report] = deque(maxlen=KEPT)

    def crash(self, report: CrashReport) -> None:
        """Keep and log a crash, with the traceback if there is one."""
        self._reports.append(report)
        error = error_in(report.reason)
        logger.error(
            "%s %s%s ended with %r; last message: %s; state: %s",
            report.kind,
            report.pid,
            f" ({report.name})" if report.name else "",
            report.reason,
            report.last_message,
            report.state,
            exc_info=error,
        )

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

    def __len__(self) -> int:
        return len(self._reports)
