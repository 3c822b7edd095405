"""A process that records what it receives, for tests to look at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from exmc.actors.clock import settle
from exmc.actors.kernel.mailbox import NOTHING, Mailbox
from exmc.actors.process.here import here
from exmc.actors.process.signals import send
from exmc.actors.server.gen_server import GenServer, cast
from exmc.actors.server.outcome import CallOutcome, noreply, reply

if TYPE_CHECKING:
    from collections.abc import Callable

    from exmc.actors.process.envelope import Call
    from exmc.actors.process.here import Address

M = TypeVar("M")


class Probe(GenServer):
    """A server that notes each message, in order, and answers as it is told to.

    The test keeps the object and starts a process from it: `pid = await start(probe)`.
    All processes started from one probe note into it, so it may also stand in for a
    child that is restarted. It traps exits; its parent's shutdown still ends it.

    Args:
        answering: Gives the reply to each request; without it calls wait for ever.

    Attributes:
        calls: Every call, in order of arrival; `call.reply(x)` answers a waiting one.
        received: Every message so far: requests, casts and all others.
    """

    trap_exit = True

    def __init__(self, answering: Callable[[Any], object] | None = None) -> None:
        self.answering = answering
        self.calls: list[Call] = []
        self.received: list[object] = []
        self._unread: Mailbox[object] = Mailbox()

    def handle_call(self, request: object, caller: Call, /) -> CallOutcome:
        """Note a request, and answer it if the test has said how."""
        self.calls.append(caller)
        self._note(request)
        return noreply() if self.answering is None else reply(self.answering(request))

    def handle_cast(self, message: object, /) -> None:
        """Note a cast."""
        self._note(message)

    def handle_info(self, message: object, /) -> None:
        """Note any other message."""
        self._note(message)

    def _note(self, message: object) -> None:
        self.received.append(message)
        self._unread.append(message)

    async def expect(
        self, kind: type[M], where: Callable[[M], bool] | None = None
    ) -> M:
        """Let all processes run, then take the oldest message of a kind.

        Each message is taken once; those skipped keep their places.

        Args:
            kind: The class of the message; `object` for any.
            where: A further test of it.

        Raises:
            AssertionError: There is none; the message lists what there is.
        """

        def wanted(message: object) -> bool:
            return isinstance(message, kind) and (where is None or where(message))

        await all_idle()
        found = self._unread.take(wanted)
        if found is NOTHING:
            raise AssertionError(
                f"The probe has received no {kind.__name__} that was wanted; "
                f"it has {list(self._unread)!r}."
            )
        return found  # type: ignore[return-value]  # `wanted` has judged it

    async def expect_nothing(self) -> None:
        """Let all processes run, then check that every message was taken.

        Raises:
            AssertionError: Some were not.
        """
        await all_idle()
        if self._unread:
            raise AssertionError(f"The probe has also received {list(self._unread)!r}.")


class _Spy(Probe):
    """A probe that passes on what it notes."""

    def __init__(self, target: Address) -> None:
        super().__init__()
        self.target = target

    def handle_call(self, request: object, caller: Call, /) -> CallOutcome:
        """Note a request and let the target answer its caller."""
        super().handle_call(request, caller)
        send(self.target, caller)
        return noreply()

    def handle_cast(self, message: object, /) -> None:
        """Note a cast and pass it on."""
        super().handle_cast(message)
        cast(self.target, message)

    def handle_info(self, message: object, /) -> None:
        """Note any other message and pass it on."""
        super().handle_info(message)
        send(self.target, message)


def spy(target: Address) -> Probe:
    """Make a probe that notes each message and passes it on to a process.

    Give its pid to whoever should talk to the target: callers get the target's
    replies. A target that dies leaves callers to their timeouts.
    """
    return _Spy(target)


async def all_idle() -> None:
    """Let the processes of this runtime run until none of them moves any more."""
    kernel = here().kernel
    await settle(lambda: kernel.activity)
