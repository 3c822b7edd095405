"""The process that the body of `async with Runtime()` is."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from exmc.actors.exit_reason import SHUTDOWN
from exmc.actors.kernel.control_block import ControlBlock
from exmc.actors.kernel.mailbox import Mailbox
from exmc.actors.kernel.state import SUSPENDED
from exmc.actors.process.behaviour import Behaviour
from exmc.actors.process.body_conduct import BODY, BodyConduct

if TYPE_CHECKING:
    from exmc.actors.exit_reason import Reason
    from exmc.actors.kernel.kernel import Kernel
    from exmc.actors.pid import Pid, Shutdown


class RootBehaviour(Behaviour):
    """Drops exit signals, or receives them as messages if told to trap them."""

    trap_exit = False
    shutdown: ClassVar[Shutdown] = "infinity"

    def make_conduct(self) -> BodyConduct:
        """Take no message but by receive."""
        return BODY


class Root(ControlBlock):
    """A process whose code is the caller's own task; no signal ends it.

    It is suspended for good as far as the run queue is concerned: its messages are
    read only through receive.

    Attributes:
        stopping: How to stop those of its children whose spec says so.
    """

    __slots__ = ("stopping",)

    def __init__(self, kernel: Kernel) -> None:
        super().__init__(kernel, RootBehaviour())
        self.stopping: dict[Pid, Shutdown] = {}
        self.state = SUSPENDED
        self.mailbox = Mailbox()
        self.post = self.append = self.mailbox.append

    def die(self, reason: Reason) -> None:
        """Drop the signal; what happened is in the reports."""

    def close(self) -> None:
        """Let go of everything, and tell whoever waits for this end."""
        ties, self.ties = self.tied(), None
        ties.let_go()
        ties.cut(self, SHUTDOWN)

    def drop_link(self, pid: Pid) -> None:
        """Forget one end of a link, and how that process was to be stopped."""
        super().drop_link(pid)
        self.stopping.pop(pid, None)
