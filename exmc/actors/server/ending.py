"""How a server ends by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exmc.actors.exit_reason import ProcessExit, is_orderly
from exmc.actors.process.crash import passes, report_crash
from exmc.actors.server.callbacks import is_coroutine

if TYPE_CHECKING:
    from exmc.actors.exit_reason import Reason
    from exmc.actors.kernel.control_block import ControlBlock
    from exmc.actors.server.callbacks import Callbacks


async def end(
    server: Callbacks, block: ControlBlock, reason: Reason, message: object
) -> None:
    """Run terminate, report what is not orderly, and end.

    Raises:
        ProcessExit: Always; the reason is what terminate raised, if it did.
    """
    if block.ending is not None:
        raise ProcessExit(block.ending)
    try:
        farewell = server.terminate(reason)
        if is_coroutine(farewell):
            await farewell
    except BaseException as error:
        if passes(block, error):
            raise
        reason = ("error", error)
    if not is_orderly(reason):
        report_crash(block, reason, message)
    raise ProcessExit(reason)
