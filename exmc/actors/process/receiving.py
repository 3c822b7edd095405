"""Selective receive: a process takes the first message it wants, and waits for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

from exmc.actors.clock import Turn
from exmc.actors.exit_reason import ProcessExit
from exmc.actors.kernel.carrier import BUDGET
from exmc.actors.kernel.mailbox import NO_MESSAGES, NOTHING
from exmc.actors.process.envelope import Call, StopRequest

if TYPE_CHECKING:
    from collections.abc import Callable

    from exmc.actors.kernel.control_block import ControlBlock
    from exmc.actors.kernel.mailbox import Mailbox

M = TypeVar("M")


async def receive(
    block: ControlBlock,
    kind: type[M],
    where: Callable[[M], bool] | None,
    timeout: float | None,  # noqa: ASYNC109 (OTP's name, the runtime's clock)
) -> M | None:
    """Take the oldest message of a kind that passes a test; None after `timeout`.

    Messages skipped keep their places. A message already there is taken even when
    `timeout` is 0. O(messages in the mailbox) at first, then O(1) an arrival. Now and
    then others have their turn first, however many messages there are.
    """

    def wanted(message: object) -> bool:
        if isinstance(message, kind):
            return where is None or where(message)
        return isinstance(message, StopRequest)

    deadline = deadline_in(block, timeout)
    block.reductions += 1
    if not block.reductions % BUDGET:
        await Turn()
    seen = NOTHING_SEEN
    while True:
        message = block.mailbox.take(wanted, known(block.mailbox, seen))
        if message is not NOTHING:
            heed(block, message)
            return message  # type: ignore[return-value]  # `wanted` has judged it
        seen = Seen(block.mailbox)
        if deadline is not None and block.kernel.clock.now() >= deadline:
            return None
        await arrival_before(block, deadline)


def heed(block: ControlBlock, message: object) -> None:
    """Do what goes with taking a message out of the mailbox.

    Raises:
        ProcessExit: The process is asked to stop.
    """
    if isinstance(message, StopRequest):
        raise ProcessExit(message.reason)
    if isinstance(message, Call):
        message.hold(block)


def deadline_in(block: ControlBlock, seconds: float | None) -> float | None:
    """Return the second of the clock that is so far away; None for never."""
    return None if seconds is None else block.kernel.clock.now() + seconds


class Seen:
    """The messages of a mailbox at one moment.

    Attributes:
        count: How many they were.
        last: The youngest of them, or None.
    """

    __slots__ = ("count", "last")

    def __init__(self, mailbox: Mailbox[object]) -> None:
        self.count = len(mailbox)
        self.last = mailbox[-1] if mailbox else None


NOTHING_SEEN: Final = Seen(NO_MESSAGES)


def known(mailbox: Mailbox[object], seen: Seen) -> int:
    """Return how many of the oldest messages were looked at already.

    They are as many as before, unless another task of the process has removed some,
    as by a flush: then all are looked at again.
    """
    count = seen.count
    same = 0 < count <= len(mailbox) and mailbox[count - 1] is seen.last
    return count if same else 0


async def arrival_before(block: ControlBlock, deadline: float | None) -> None:
    """Wait for the next message, or until a second of the clock has come."""
    if deadline is None:
        await block.arrival()
        return
    clock = block.kernel.clock
    timer = clock.call_later(deadline - clock.now(), block.note_arrival)
    try:
        await block.arrival()
    finally:
        timer.cancel()
