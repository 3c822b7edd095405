"""What wraps a message on its way to a server.

A call carries its own one-shot reply: a future that is no longer waited for drops
what comes late, so that no reply ever lands in a mailbox.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from exmc.actors.errors import CallError, NoProcessError, StartError
from exmc.actors.exit_reason import NOPROC
from exmc.actors.kernel.mailbox import Answerable

if TYPE_CHECKING:
    import asyncio

    from exmc.actors.exit_reason import Reason
    from exmc.actors.kernel.tied import Tied
    from exmc.actors.pid import Pid, Target


class Call(Answerable):
    """A request, and the way back to who made it.

    It fails when its receiver ends while it lies in the mailbox, or while the
    receiver holds it: until then, it is the receiver's one chance to answer.

    Attributes:
        pid: The caller.
        request: What is asked.
        holder: The process that has taken it and not answered yet, or None.
    """

    __slots__ = ("_future", "holder", "pid", "request")

    def __init__(
        self, pid: Pid, request: object, future: asyncio.Future[object]
    ) -> None:
        self.pid = pid
        self.request = request
        self._future = future
        self.holder: Target | None = None

    def reply(self, value: object) -> None:
        """Answer; the first answer counts, and only while the caller waits."""
        if not self._future.done():
            self._future.set_result(value)
        if self.holder is not None:
            self.release()

    def fail(self, error: CallError) -> None:
        """Refuse to answer: the caller gets an error, as if the server had ended."""
        if not self._future.done():
            self._future.set_exception(error)
        self.release()

    def hold(self, holder: Target) -> None:
        """Let it fail when the process that has taken it ends without an answer."""
        self.release()
        self.holder = holder
        holder.add_watcher(self)

    def release(self) -> None:
        """It is answered, or nobody waits for the answer: let the holder be."""
        holder, self.holder = self.holder, None
        if holder is not None:
            holder.drop_watcher(self)

    def down(self, reason: Reason) -> None:
        """Fail the call: the server ended."""
        if not self._future.done():
            error = NoProcessError if reason == NOPROC else CallError
            self._future.set_exception(error(reason))

    def __repr__(self) -> str:
        return f"Call({self.request!r} from {self.pid})"


# Not frozen, for speed: one is made for every cast.
@dataclass(slots=True, unsafe_hash=True)
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
    """The first message of a process: the arguments of its init, and how it went.

    Attributes:
        args, kwargs: For init.
        what: Name of the behaviour, for the error.
        child: The process, if somebody waits to hear how it went.
        running: Whether there is a process now; None until that is known.
        failure: Why there is none.
    """

    __slots__ = ("_known", "args", "child", "failure", "kwargs", "running", "what")

    def __init__(
        self,
        what: str,
        args: tuple[object, ...],
        kwargs: dict[str, object],
        *,
        child: Tied | None = None,
    ) -> None:
        self.what = what
        self.args = args
        self.kwargs = kwargs
        self.child = child
        self.running: bool | None = None
        self.failure: StartError | None = None
        self._known: asyncio.Future[None] | None = None

    def succeed(self, *, running: bool) -> None:
        """Note that init is done; there is no process if it said ignore."""
        if self.running is None:
            self.running = running
            self._tell()

    def down(self, reason: Reason) -> None:
        """Note that the process ended before its init was done.

        Who waits for it hears of it as an error, and gets no signal besides.
        """
        if self.running is None:
            self.running = False
            if self.child is not None:
                self.child.disown()
            self.failure = StartError(self.what, reason)
            self._tell()

    async def known(self, loop: asyncio.AbstractEventLoop) -> None:
        """Wait until it is known how it went."""
        if self.running is None:
            self._known = loop.create_future()
            await self._known

    def _tell(self) -> None:
        if self._known is not None and not self._known.done():
            self._known.set_result(None)

    def __repr__(self) -> str:
        return f"Start({self.what}, {self.args!r}, {self.kwargs!r})"
