"""Who stands before a server while it is asked, held or followed.

Rule: it takes the place of the process's conduct, and it leaves when nobody needs it.
All other processes pay nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from exmc.actors.kernel.mailbox import NOTHING
from exmc.actors.messages import Exit
from exmc.actors.observation.tracing import Tracers
from exmc.actors.process.envelope import Call, StopRequest
from exmc.actors.process.receiving import NOTHING_SEEN, Seen, known
from exmc.actors.process.system_message import SystemMessage

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Coroutine

    from exmc.actors.exit_reason import Reason
    from exmc.actors.kernel.conduct import Conduct, Work
    from exmc.actors.kernel.control_block import ControlBlock


class EveryMessage:
    """Contains every class of message."""

    def __contains__(self, kind: object) -> bool:
        return True


class Attendant:
    """Carries out system messages, tells tracers of all others, hands those on.

    It is a conduct before another one, the process's own.

    Args:
        block: The process.

    Attributes:
        tracers: Who is told what the process does.
        held: Whether the process handles system messages only.
    """

    def __init__(self, block: ControlBlock) -> None:
        self.tracers = Tracers(block)
        self.held = False
        self._block = block
        self.envelopes: Container[type] = EveryMessage()
        self._own = block.conduct
        self._expected = 0
        block.adopt(self)
        block.add_watcher(self)

    def expect(self) -> None:
        """Stay until one more system message has come."""
        self._expected += 1

    def plain(self, block: ControlBlock, /) -> Callable[[Any], object]:
        """Return what the process's own conduct does."""
        return self._own.plain(block)

    def settle(
        self, block: ControlBlock, message: object, outcome: object, /
    ) -> Work | None:
        """Do as the process's own conduct does."""
        return self._own.settle(block, message, outcome)

    def crash(
        self, block: ControlBlock, message: object, error: BaseException, /
    ) -> Work | None:
        """Do as the process's own conduct does."""
        return self._own.crash(block, message, error)

    def open(self, block: ControlBlock, message: Any, /) -> Work | None:  # noqa: ANN401 (any message)
        """Handle a message as the process would, or a system message."""
        if isinstance(message, SystemMessage):
            return self._carry_out(message)
        if not self.tracers:
            return taken(self._own, block, message)
        message = self.tracers.traced(message)
        rest = taken(self._own, block, message)
        if rest is not None:
            return self._finish(message, rest)
        self._handled(message)
        return None

    def hold(self) -> Coroutine[Any, Any, None] | None:
        """Let the process handle system messages only, until it is released.

        Returns:
            What is to be awaited until then; None if it is held already.
        """
        if self.held:
            return None
        self.held = True
        return self._holding()

    def release(self) -> None:
        """Let the process handle all messages again."""
        self.held = False

    def down(self, reason: Reason) -> None:
        """Tell the end of the process."""
        self.tracers.tell("ended", reason)

    def _carry_out(self, message: SystemMessage) -> Coroutine[Any, Any, None] | None:
        self._expected -= 1
        rest = message.handled_by(self._block)
        self._leave_if_idle()
        return rest

    def _leave_if_idle(self) -> None:
        if not (self._expected or self.held or self.tracers):
            self._block.drop_watcher(self)
            if self._block.conduct is self:
                self._block.adopt(self._own)

    async def _holding(self) -> None:
        while self.held:
            rest = self.open(self._block, await urgent(self._block))
            if rest is not None:
                await rest

    async def _finish(self, message: object, rest: Coroutine[Any, Any, None]) -> None:
        await rest
        self._handled(message)

    def _handled(self, message: object) -> None:
        self.tracers.handled(message)
        self._leave_if_idle()


def attendant_of(block: ControlBlock) -> Attendant:
    """Return who stands before a process; call somebody if nobody does."""
    return block.conduct if isinstance(block.conduct, Attendant) else Attendant(block)


def taken(conduct: Conduct, block: ControlBlock, message: object) -> Work | None:
    """Take a message by a conduct, as the run queue does."""
    if isinstance(message, Call) or type(message) in conduct.envelopes:
        return conduct.open(block, message)
    try:
        outcome = conduct.plain(block)(message)
    except BaseException as error:  # noqa: BLE001 (it is the process's end)
        return conduct.crash(block, message, error)
    return None if outcome is None else conduct.settle(block, message, outcome)


async def urgent(block: ControlBlock) -> SystemMessage | StopRequest | Exit:
    """Wait for what a process that is held handles; the rest stays in order."""

    def wanted(message: object) -> bool:
        if isinstance(message, Exit):
            return message.pid is block.parent
        return isinstance(message, SystemMessage | StopRequest)

    seen = NOTHING_SEEN
    while True:
        message = block.mailbox.take(wanted, known(block.mailbox, seen))
        if isinstance(message, SystemMessage | StopRequest | Exit):
            return message
        assert message is NOTHING  # noqa: S101 (see `wanted`)
        seen = Seen(block.mailbox)
        await block.arrival()
