"""What is written down about a process that ended for a bad reason of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from exmc.actors.reports import CrashReport

if TYPE_CHECKING:
    from exmc.actors.control_block import ControlBlock
    from exmc.actors.exit_reason import Reason

LONGEST: Final = 1000
"""Characters of a state that a report keeps."""


def report_crash(block: ControlBlock, reason: Reason, message: object) -> None:
    """Keep and log the crash of a process."""
    block.kernel.reports.crash(
        CrashReport(
            pid=block.pid,
            name=block.name,
            kind=type(block.behaviour).__name__,
            reason=reason,
            last_message=message,
            state=describe(block.behaviour),
            parent=block.parent,
        )
    )


def describe(behaviour: object) -> str:
    """Return the attributes of an object as text; never fails and is never long."""
    try:
        text = repr({k: v for k, v in vars(behaviour).items() if k != "pid"})
    except Exception as error:  # noqa: BLE001 (the report must be written)
        return f"(not printable: {error!r})"
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}..."
