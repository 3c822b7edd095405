"""A function over many items, in a few tasks at a time."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar, Unpack, overload

from exmc.actors.clock import wake
from exmc.actors.errors import NotOwnerError
from exmc.actors.kernel.mailbox import NOTHING
from exmc.actors.process.here import here
from exmc.actors.ref import Ref
from exmc.actors.tasks.result import TaskResult
from exmc.actors.tasks.stream_flight import Flight
from exmc.actors.tasks.stream_options import StreamPlan
from exmc.actors.tasks.stream_source import source_of

if TYPE_CHECKING:
    import asyncio
    from collections.abc import AsyncIterable, Awaitable, Callable, Iterable

    from exmc.actors.kernel.control_block import ControlBlock
    from exmc.actors.process.here import Address
    from exmc.actors.tasks.stream_options import StreamOptions

A = TypeVar("A")
T = TypeVar("T")


@overload
def async_stream(
    function: Callable[[A], Awaitable[T]],
    items: Iterable[A] | AsyncIterable[A],
    /,
    **options: Unpack[StreamOptions],
) -> AsyncStream[T]: ...


@overload
def async_stream(
    function: Callable[[A], T],
    items: Iterable[A] | AsyncIterable[A],
    /,
    **options: Unpack[StreamOptions],
) -> AsyncStream[T]: ...


def async_stream(
    function: Callable[[Any], Any],
    items: Iterable[Any] | AsyncIterable[Any],
    /,
    **options: Unpack[StreamOptions],
) -> AsyncStream[Any]:
    """Call a function with each item, in tasks, and give out how each ended.

        async for result in async_stream(fetch, urls, max_concurrency=8):
            keep(result.unwrap())

    A task that crashes ends the consumer with its reason, unless the consumer traps
    exits; then Exited(reason) is given out, and the other items go on. Whatever ends
    the consumer, or its interest, kills the tasks that still run. Items are taken
    only as results are asked for. (Elixir: Task.async_stream.)

    Args:
        function: A plain or an async function of one argument.
        items: What it is called with. An async iterable is waited for while results
            are given out: it runs in the consumer's process, beside it.
        **options: max_concurrency, and see StreamPlan.

    Raises:
        BadTaskOptionError: An option is out of its domain.
    """
    return AsyncStream(function, items, StreamPlan(**options))


@overload
def async_stream_nolink(
    supervisor: Address,
    function: Callable[[A], Awaitable[T]],
    items: Iterable[A] | AsyncIterable[A],
    /,
    **options: Unpack[StreamOptions],
) -> AsyncStream[T]: ...


@overload
def async_stream_nolink(
    supervisor: Address,
    function: Callable[[A], T],
    items: Iterable[A] | AsyncIterable[A],
    /,
    **options: Unpack[StreamOptions],
) -> AsyncStream[T]: ...


def async_stream_nolink(
    supervisor: Address,
    function: Callable[[Any], Any],
    items: Iterable[Any] | AsyncIterable[Any],
    /,
    **options: Unpack[StreamOptions],
) -> AsyncStream[Any]:
    """Do the same under a TaskSupervisor, the crash of a task being its result.

    (Elixir: Task.Supervisor.async_stream_nolink.)
    """
    options["supervisor"] = supervisor
    return AsyncStream(function, items, StreamPlan(**options, linked=False))


class AsyncStream(AsyncIterator[TaskResult[T]], Generic[T]):
    """The results of one async_stream; a process that iterates over it owns it.

    Nothing is started before the first result is asked for. A stream that is left
    early kills its tasks in the next turn of the loop after nothing refers to it any
    more, or when its owner ends; `async with` and `aclose` do it at once.
    """

    def __init__(
        self,
        function: Callable[..., object],
        items: Iterable[Any] | AsyncIterable[Any],
        plan: StreamPlan,
    ) -> None:
        self._begin: tuple[Any, Any, StreamPlan] = function, items, plan
        self._flow: Flow[T] | None = None

    async def __anext__(self) -> TaskResult[T]:
        if self._flow is None:
            self._flow = Flow(here(), *self._begin)
        return await self._flow.next_result()

    async def aclose(self) -> None:
        """Kill the tasks that run; there are no more results. Idempotent."""
        if self._flow is None:
            function, _, plan = self._begin
            self._begin = function, (), plan
        else:
            self._flow.close()
            await self._flow.source.closed()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    def __del__(self) -> None:
        if self._flow is not None:
            self._flow.close_from_anywhere()


class Flow(Generic[T]):
    """What an AsyncStream does; its owner's death closes it.

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
