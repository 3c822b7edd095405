"""Selective receive: a process takes the first message it wants, and waits for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from exmc.actors.exit_reason import ProcessExit
from exmc.actors.kernel.mailbox import NOTHING
from exmc.actors.process.envelope import Call, StopRequest

if TYPE_CHECKING:
    from collections.abc import Callable

    from exmc.actors.kernel.control_block import ControlBlock

M = TypeVar("M")


async def receive(
    block: ControlBlock,
    kind: type[M],
    where: Callable[[M], bool] | None,
    timeout: float | None,  # noqa: ASYNC109 (OTP's name, the runtime's clock)
) -> M | None:
    """Take the oldest message of a kind that passes a test; None after `timeout`.

    Messages skipped keep their places. A message already there is taken even when
    `timeout` is 0. O(messages in the mailbox) at first, then O(1) an arrival.
    """

    def wanted(message: object) -> bool:
        if isinstance(message, kind):
            return where is None or where(message)
        return isinstance(message, StopRequest)

    deadline = None if timeout is None else block.kernel.clock.now() + timeout
    seen = 0
    while True:
        message = block.mailbox.take(wanted, skip=seen)
        if isinstance(message, StopRequest):
            raise ProcessExit(message.reason)
        if message is not NOTHING:
            if isinstance(message, Call):
                message.hold(block)
            return message  # type: ignore[return-value]  # `wanted` has judged it
        seen = len(block.mailbox)
        if deadline is not None and block.kernel.clock.now() >= deadline:
            return None
        await arrival_before(block, deadline)


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
