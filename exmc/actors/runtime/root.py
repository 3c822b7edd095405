"""The process that the body of `async with Runtime()` is."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar
from weakref import WeakKeyDictionary

from exmc.actors.kernel.control_block import ControlBlock, State
from exmc.actors.kernel.mailbox import Mailbox
from exmc.actors.process.behaviour import Behaviour

if TYPE_CHECKING:
    from exmc.actors.exit_reason import Reason
    from exmc.actors.kernel.kernel import Kernel
    from exmc.actors.pid import Pid, Shutdown


class RootBehaviour(Behaviour):
    """Drops exit signals, or receives them as messages if told to trap them."""

    trap_exit = False
    shutdown: ClassVar[Shutdown] = "infinity"


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
        self.stopping: WeakKeyDictionary[Pid, Shutdown] = WeakKeyDictionary()
        self._state = State.SUSPENDED
        self.mailbox = Mailbox()

    def die(self, reason: Reason) -> None:
        """Drop the signal; what happened is in the reports."""
