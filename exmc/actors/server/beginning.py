"""How a server begins: its init, and what that says."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from exmc.actors.errors import BadOutcomeError
from exmc.actors.exit_reason import NORMAL, ProcessExit, is_orderly, process_exit_in
from exmc.actors.process.crash import passes, report_crash
from exmc.actors.server.callbacks import is_coroutine
from exmc.actors.server.idling import go_on
from exmc.actors.server.outcome import Ignore, NoReply, Stop

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from typing import Any

    from exmc.actors.exit_reason import Reason
    from exmc.actors.kernel.conduct import Work
    from exmc.actors.kernel.control_block import ControlBlock
    from exmc.actors.process.envelope import Start
    from exmc.actors.server.callbacks import Callbacks


def begin(server: Callbacks, block: ControlBlock, start: Start) -> Work | None:
    """Run init; if it is an async function, what is left of it comes back.

    Raises:
        ProcessExit: Init failed, or said that there is to be no process.
    """
    try:
        outcome = server.init(*start.args, **start.kwargs)
    except BaseException as error:  # noqa: BLE001 (it is this process's end)
        failed(block, start, error)
    if is_coroutine(outcome) and block.ending is not None:
        outcome.close()
    elif is_coroutine(outcome):
        return begin_later(block, start, outcome)
    obey(block, start, outcome)
    return None


async def begin_later(
    block: ControlBlock, start: Start, init: Coroutine[Any, Any, object]
) -> None:
    """Await an async init."""
    try:
        outcome = await init
    except BaseException as error:  # noqa: BLE001 (it is this process's end)
        failed(block, start, error)
    obey(block, start, outcome)


def failed(block: ControlBlock, start: Start, error: BaseException) -> NoReturn:
    """End a process whose init raised."""
    asked = process_exit_in(error)
    if asked is None and passes(block, error):
        raise error
    refuse(block, start, ("error", error) if asked is None else asked.reason)


def obey(block: ControlBlock, start: Start, outcome: object) -> None:
    """Do what the outcome of an init says."""
    if block.ending is not None:
        refuse(block, start, block.ending)
    match outcome:
        case Stop(reason=reason):
            refuse(block, start, reason)
        case Ignore():
            block.disown()
            start.succeed(running=False)
            raise ProcessExit(NORMAL)
        case NoReply():
            go_on(block, outcome)
        case None:
            pass
        case _:
            bad = BadOutcomeError(
                f"{start.what}.init returned {outcome!r}; return nothing, "
                f"continue_with(argument), stop_with(reason) or ignore()."
            )
            refuse(block, start, ("error", bad))
    block.drop_watcher(start)
    start.succeed(running=True)


def refuse(block: ControlBlock, start: Start, reason: Reason) -> NoReturn:
    """End a process that has not begun.

    A starter that waits hears of it as an error, and gets no signal besides; where
    none waits, the links hear of it and the report is all that is left.
    """
    if start.child is not None:
        block.disown()
    elif not is_orderly(reason):
        report_crash(block, reason, start)
    error = reason[1] if isinstance(reason, tuple) and len(reason) == 2 else None
    raise ProcessExit(reason) from error if isinstance(error, Exception) else None
