"""Waiting until enough of several tasks have ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from exmc.actors.clock import wake
from exmc.actors.tasks.result import Exited

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Iterable

    from exmc.actors.kernel.control_block import ControlBlock
    from exmc.actors.tasks.task import Task


class Waiter:
    """Completes a future when enough of several tasks have ended.

    Args:
        woken: The future.
        missing: How many have to end.
        or_failure: One that ends without a value is enough.
    """

    def __init__(
        self, woken: asyncio.Future[None], missing: int, *, or_failure: bool
    ) -> None:
        self._woken = woken
        self._missing = missing
        self._or_failure = or_failure

    def __call__(self, task: Task[Any]) -> None:
        """Count a task that has ended."""
        self._missing -= 1
        if self._missing <= 0 or (self._or_failure and failed(task)):
            wake(self._woken)


def failed(task: Task[Any]) -> bool:
    """Tell whether a task has ended without a value."""
    return isinstance(task.result, Exited)


async def wait_for_results(
    me: ControlBlock,
    tasks: Iterable[Task[Any]],
    needed: int,
    seconds: float | None,
    *,
    or_failure: bool = False,
) -> bool:
    """Wait until enough tasks have ended; return whether they have, in time.

    Args:
        me: The process that waits.
        tasks: The tasks.
        needed: How many are enough, all of them at most.
        seconds: How long to wait; None for as long as it takes, 0 not to wait.
        or_failure: One that ends without a value is enough.
    """
    distinct = tuple(dict.fromkeys(tasks))
    pending = [task for task in distinct if task.result is None]
    spare = len(distinct) - min(needed, len(distinct))
    if len(pending) <= spare or (or_failure and any(map(failed, distinct))):
        return True
    if seconds is not None and seconds <= 0:
        return False
    woken: asyncio.Future[None] = me.kernel.loop.create_future()
    waiter = Waiter(woken, len(pending) - spare, or_failure=or_failure)
    timer = None
    if seconds is not None:
        timer = me.kernel.clock.call_later(seconds, wake, woken)
    for task in pending:
        task.listen(waiter)
    try:
        await woken
    finally:
        if timer is not None:
            timer.cancel()
        for task in pending:
            task.unlisten(waiter)
    return sum(task.result is None for task in pending) <= spare
