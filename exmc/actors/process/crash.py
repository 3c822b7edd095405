"""What is written down about a process that ended for a bad reason of its own."""

from __future__ import annotations

import asyncio
import reprlib
from typing import TYPE_CHECKING, Final

from exmc.actors.exit_reason import is_external, is_unwinding
from exmc.actors.kernel.reports import CrashReport

if TYPE_CHECKING:
    from exmc.actors.exit_reason import Reason
    from exmc.actors.kernel.conduct import Manners
    from exmc.actors.kernel.control_block import ControlBlock

LONGEST: Final = 1000
"""Characters of a state that a report keeps."""

# A state may hold a data set: what is long is cut before it becomes text, too.
_SHORT: Final = reprlib.Repr()
_SHORT.maxdict = 20
_SHORT.maxstring = _SHORT.maxother = 80


def report_crash(block: ControlBlock, reason: Reason, message: object) -> None:
    """Keep and log the crash of a process.

    A process that ends because an operating-system process did has not crashed: who
    owned that process says what there is to say.
    """
    if is_external(reason):
        return
    block.kernel.reports.crash(
        CrashReport(
            pid=block.pid,
            name=block.name,
            kind=type(block.behaviour).__name__,
            reason=reason,
            last_message=_SHORT.repr(message),
            state=describe(block.behaviour),
            parent=block.parent,
            initial_call=initial_call(block.behaviour),
            ancestors=block.ancestors,
            callers=tuple(getattr(block.behaviour, "callers", ())),
            links=tuple(block.links),
        )
    )


def passes(block: ControlBlock, error: BaseException) -> bool:
    """Tell whether an exception is to leave a process as it is: it is no crash.

    Nothing is a crash that a process raises which was ended before, by whomever.
    """
    if isinstance(error, asyncio.CancelledError):
        return block.cancelled_from_outside
    return block.ending is not None or is_unwinding(error)


def initial_call(behaviour: Manners) -> str:
    """Return the module and the name of what a process was started as."""
    kind = type(behaviour)
    return f"{kind.__module__}.{kind.__qualname__}"


def describe(behaviour: Manners) -> str:
    """Return the attributes of an object as text; never fails and is never long."""
    try:
        state = {k: v for k, v in vars(behaviour).items() if k != "pid"}
        text = _SHORT.repr(behaviour.for_reports(state))
    except Exception as error:  # noqa: BLE001 (the report must be written)
        return f"(not printable: {error!r})"
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}..."
