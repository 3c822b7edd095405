"""A function over many items, in a few tasks at a time."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar, Unpack, overload

from exmc.actors.process.here import here
from exmc.actors.tasks.result import TaskResult
from exmc.actors.tasks.stream_flow import Flow
from exmc.actors.tasks.stream_options import stream_plan

if TYPE_CHECKING:
    from collections.abc import AsyncIterable, Awaitable, Callable, Iterable

    from exmc.actors.process.here import Address
    from exmc.actors.tasks.stream_options import StreamOptions, StreamPlan

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
        **options: Any of these.

            - max_concurrency: how many items may be taken whose results were not
              given out yet (the number of processors);
            - ordered: results in the order of the items, else as they come (True);
            - timeout: seconds that each task may take, None for any time (5.0);
            - on_timeout: "exit" raises TaskTimeoutError, "kill_task" makes
              Exited("timeout") of the one item ("exit");
            - zip_input_on_exit: Exited((item, reason)) for Exited(reason) (False);
            - supervisor: a TaskSupervisor to start the tasks (None: the consumer).

    Raises:
        BadTaskOptionError: An option is unknown or out of its domain.
    """
    return AsyncStream(function, items, stream_plan(options, linked=True))


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

    Takes the options of async_stream. (Elixir: Task.Supervisor.async_stream_nolink.)

    Raises:
        BadTaskOptionError: An option is unknown or out of its domain.
    """
    options["supervisor"] = supervisor
    return AsyncStream(function, items, stream_plan(options, linked=False))


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
        """Kill the tasks that run; there are no more results. Idempotent.

        If the items come from a generator, it is closed.
        """
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
