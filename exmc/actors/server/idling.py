"""What an outcome asks for besides the next message: a continuation, a Timeout."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exmc.actors.kernel.mailbox import NOTHING, Aside
from exmc.actors.messages import Timeout
from exmc.actors.process.envelope import Continued

if TYPE_CHECKING:
    from exmc.actors.kernel.control_block import ControlBlock
    from exmc.actors.server.outcome import NoReply, Reply


def go_on(block: ControlBlock, outcome: Reply | NoReply) -> None:
    """Continue before the next message, or wait for one no longer than asked."""
    if outcome.then is not NOTHING:
        block.deliver_first(Continued(outcome.then))
    if outcome.timeout is not None:
        ties, clock = block.tied(), block.kernel.clock
        ties.stop_idling()
        ties.idle = clock.call_later(outcome.timeout, idled, block)


def idled(block: ControlBlock) -> None:
    """Deliver a Timeout, unless the process has something to do."""
    block.tied().idle = None
    if all(isinstance(message, Aside) for message in block.mailbox):
        block.deliver(Timeout())
