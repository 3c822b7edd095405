"""Functions that other threads run on the runtime's loop, and wait for."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import CancelledError
from typing import TYPE_CHECKING, Any, TypeVar

from exmc.actors.errors import NoRuntimeError

if TYPE_CHECKING:
    import concurrent.futures
    from collections.abc import Awaitable, Callable

T = TypeVar("T")

LEFT = "The runtime was left; a thread can no longer run anything in it."


class Visits:
    """Runs functions for other threads until it is closed.

    Args:
        loop: Where they run; made on the loop's own thread.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._thread = threading.get_ident()
        self._waiting: set[concurrent.futures.Future[Any]] = set()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._closed = False

    def run(self, function: Callable[[], Awaitable[T]]) -> T:
        """Run an async function on the loop, and wait for it in this thread.

        Raises:
            NoRuntimeError: This is the loop's own thread, or the runtime was left.
        """
        if threading.get_ident() == self._thread:
            raise NoRuntimeError(
                "run_from_thread would wait for its own thread; await instead."
            )
        visit = self._visit(function)
        try:
            waiting = asyncio.run_coroutine_threadsafe(visit, self._loop)
        except RuntimeError:
            visit.close()
            raise NoRuntimeError(LEFT) from None
        self._waiting.add(waiting)
        if self._closed:
            waiting.cancel()
        try:
            return waiting.result()
        except CancelledError:
            raise NoRuntimeError(LEFT) from None
        finally:
            self._waiting.discard(waiting)

    async def close(self) -> None:
        """Release every thread that waits, and end what they run."""
        self._closed = True
        for waiting in tuple(self._waiting):
            waiting.cancel()
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)

    async def _visit(self, function: Callable[[], Awaitable[T]]) -> T:
        task = asyncio.current_task()
        if self._closed or task is None:
            raise NoRuntimeError(LEFT)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return await function()
