"""What asks a server about itself, or changes how it is run.

None of the user's code sees it: who stands before the server's loop takes it out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from exmc.actors.errors import CallError, NoProcessError
from exmc.actors.exit_reason import NOPROC
from exmc.actors.kernel.mailbox import Answerable, Aside

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Coroutine

    from exmc.actors.exit_reason import Reason
    from exmc.actors.kernel.control_block import ControlBlock
    from exmc.actors.pid import Pid


class SystemRequest(Protocol):
    """What is asked; every kind of it says itself how it is carried out."""

    def carried_out(
        self, block: ControlBlock, message: SystemMessage
    ) -> Coroutine[Any, Any, None] | None:
        """Answer the message, now or when what is returned has been awaited."""
        ...


class SystemMessage(Aside, Answerable):
    """A system request, and the way back to who made it.

    Attributes:
        pid: Who asks.
        request: What is asked.
    """

    __slots__ = ("_future", "pid", "request")

    def __init__(
        self, pid: Pid, request: SystemRequest, future: asyncio.Future[Any]
    ) -> None:
        self.pid = pid
        self.request = request
        self._future = future

    def handled_by(self, block: ControlBlock) -> Coroutine[Any, Any, None] | None:
        """Carry the request out on the server that received it.

        What it raises is the asker's, never the server's.

        Returns:
            What is left to await.
        """
        try:
            return self.request.carried_out(block, self)
        except Exception as error:  # noqa: BLE001 (see above)
            self.fail(error)
            return None

    def answer(self, value: object) -> None:
        """Give the answer; the first one counts."""
        if not self._future.done():
            self._future.set_result(value)

    def fail(self, error: Exception) -> None:
        """Let the asker's await raise."""
        if not self._future.done():
            self._future.set_exception(error)

    def down(self, reason: Reason) -> None:
        """Fail: the server ended."""
        self.fail((NoProcessError if reason == NOPROC else CallError)(reason))

    def __repr__(self) -> str:
        return f"SystemMessage({self.request!r} from {self.pid})"
