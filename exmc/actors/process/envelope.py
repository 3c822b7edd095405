"""What wraps a message on its way to a server.

A call carries its own one-shot reply: a future that is no longer waited for drops
what comes late, so that no reply ever lands in a mailbox.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from exmc.actors.errors import CallError, NoProcessError, StartError
from exmc.actors.exit_reason import NOPROC

if TYPE_CHECKING:
    import asyncio

    from exmc.actors.exit_reason import Reason
    from exmc.actors.pid import Pid


class Call:
    """A request, and the way back to who made it.

    Attributes:
        pid: The caller.
        request: What is asked.
    """

    __slots__ = ("_future", "pid", "request")

    def __init__(
        self, pid: Pid, request: object, future: asyncio.Future[object]
    ) -> None:
        self.pid = pid
        self.request = request
        self._future = future

    def reply(self, value: object) -> None:
        """Answer; the first answer counts, and only while the caller waits."""
        if not self._future.done():
            self._future.set_result(value)

    def down(self, reason: Reason) -> None:
        """Fail the call: the server ended."""
        if not self._future.done():
            error = NoProcessError if reason == NOPROC else CallError
            self._future.set_exception(error(reason))

    def __repr__(self) -> str:
        return f"Call({self.request!r} from {self.pid})"


@dataclass(frozen=True, slots=True)
class Cast:
    """A message for handle_cast."""

    message: object


@dataclass(frozen=True, slots=True)
class StopRequest:
    """The process is asked to end for this reason, after its terminate has run."""

    reason: Reason


@dataclass(frozen=True, slots=True)
class Continued:
    """The argument of handle_continue; it goes before every other message."""

    argument: object


class Start:
    """The first message of a process: the arguments of its init, and who waits.

    Attributes:
        args, kwargs: For init.
        what: Name of the behaviour, for the error.
    """

    __slots__ = ("_future", "args", "kwargs", "what")

    def __init__(
        self,
        what: str,
        args: tuple[object, ...],
        kwargs: dict[str, object],
        future: asyncio.Future[bool],
    ) -> None:
        self.what = what
        self.args = args
        self.kwargs = kwargs
        self._future = future

    def succeed(self, *, running: bool) -> None:
        """Tell the starter that init is done; not running if it said ignore."""
        if not self._future.done():
            self._future.set_result(running)

    def down(self, reason: Reason) -> None:
        """Tell the starter that the process ended before its init was done."""
        if not self._future.done():
            self._future.set_exception(StartError(self.what, reason))

    def __repr__(self) -> str:
        return f"Start({self.what}, {self.args!r}, {self.kwargs!r})"
