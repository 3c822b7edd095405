"""One stream in progress: takes items, starts tasks, waits, gives results out."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from exmc.actors.clock import wake
from exmc.actors.errors import NotOwnerError
from exmc.actors.kernel.mailbox import NOTHING
from exmc.actors.process.here import here
from exmc.actors.ref import Ref
from exmc.actors.tasks.stream_flight import Flight
from exmc.actors.tasks.stream_source import source_of

if TYPE_CHECKING:
    import asyncio
    from collections.abc import AsyncIterable, Callable, Iterable

    from exmc.actors.kernel.control_block import ControlBlock
    from exmc.actors.tasks.result import TaskResult
    from exmc.actors.tasks.stream_options import StreamPlan

T = TypeVar("T")


class Flow(Generic[T]):
    """What an AsyncStream does; the death of its owner closes it.

    Args:
        owner: The consumer.
        function: What each item is given to.
        items: The items.
        plan: How.
    """

    def __init__(
        self,
        owner: ControlBlock,
        function: Callable[..., object],
        items: Iterable[Any] | AsyncIterable[Any],
        plan: StreamPlan,
    ) -> None:
        self.source = source_of(items, self._changed)
        self._flight: Flight[T] = Flight(owner, function, plan, self._changed)
        self._owner = owner
        self._news: asyncio.Future[None] | None = None
        self._running = False
        self._closed = False
        self._ref = Ref()
        owner.hold(self._ref, self.close)

    async def next_result(self) -> TaskResult[T]:
        """Return the next result; whatever breaks that off closes the stream.

        Raises:
            StopAsyncIteration: There are no more.
            TaskError: A task has crashed that shares its fate with the consumer.
            TaskTimeoutError: A task has taken too long.
            NotOwnerError: Another process asks than the first time.
        """
        self._refuse_others()
        self._running = True
        try:
            return await self._next_result()
        except BaseException:
            self.close()
            raise
        finally:
            self._running = False

    def close(self) -> None:
        """Kill the tasks and take no more items. Idempotent."""
        if not self._closed:
            self._closed = True
            self._owner.unhold(self._ref)
            self._flight.close()
            self._changed()

    def close_from_anywhere(self) -> None:
        """Close in a turn of the loop: a collector of garbage may run at any point."""
        if not self._closed:
            with contextlib.suppress(RuntimeError):  # the loop is closed
                self._owner.kernel.loop.call_soon_threadsafe(self.close)

    async def _next_result(self) -> TaskResult[T]:
        while not self._is_over():
            await self._fill()
            if self._is_over():
                break
            result = self._flight.window.give()
            if result is not NOTHING:
                return result
            if self.source.exhausted and self._flight.window.empty:
                break
            await self._change()
        failure, self._flight.failure = self._flight.failure, None
        raise failure or StopAsyncIteration

    def _is_over(self) -> bool:
        return self._closed or self._flight.failure is not None

    async def _fill(self) -> None:
        """Start tasks for the items that are there, as many as there is room for."""
        while self._flight.window.has_room and not self._is_over():
            item = self.source.next_item()
            if item is NOTHING:
                return
            await self._flight.launch(item)

    async def _change(self) -> None:
        self._news = self._owner.kernel.loop.create_future()
        try:
            await self._news
        finally:
            self._news = None

    def _changed(self) -> None:
        if self._is_over():
            self.source.close()
        if self._news is not None:
            wake(self._news)

    def _refuse_others(self) -> None:
        if here() is not self._owner:
            message = (
                f"The stream belongs to {self._owner.pid}, not to {here().pid}; "
                f"a process makes the stream it iterates over."
            )
            raise NotOwnerError(message)
        if self._running:
            raise RuntimeError("The stream is being asked already; ask it in one task.")
