"""How the body of a Process is run, and how it ends."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Protocol

from exmc.actors.exit_reason import NORMAL, ProcessExit
from exmc.actors.process.crash import report_crash
from exmc.actors.process.envelope import Start

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from exmc.actors.kernel.control_block import ControlBlock


class Body(Protocol):
    """What the loop runs."""

    async def run(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 (the subclass says)
        """Be the process."""
        ...


class BodyLoop:
    """Runs the body of one process, as the handler of its first message."""

    __slots__ = ("_block", "_body")

    def __init__(self, body: Body, block: ControlBlock) -> None:
        self._body = body
        self._block = block

    def handle(self, message: object) -> Coroutine[Any, Any, None]:
        """Begin; every later message is for the body to receive."""
        if not isinstance(message, Start):
            raise AssertionError(f"{message!r} came before the start.")  # noqa: TRY004 (no type of the caller's)
        return self._run(message)

    async def _run(self, start: Start) -> None:
        self._block.drop_watcher(start)
        start.succeed(running=True)
        try:
            await self._body.run(*start.args, **start.kwargs)
        except asyncio.CancelledError as error:
            if self._block.cancelled_from_outside:
                raise
            self._crashed(error)
        except Exception as error:  # noqa: BLE001 (it is this process's end)
            self._crashed(error)
        raise ProcessExit(NORMAL)

    def _crashed(self, error: BaseException) -> None:
        reason = ("error", error)
        report_crash(self._block, reason, None)
        raise ProcessExit(reason)
