"""Functions that other threads run on the runtime's loop, and wait for."""

from __future__ import annotations

import asyncio
import os
import threading
from concurrent.futures import CancelledError, Future, InvalidStateError
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypeVar

from exmc.actors.clock import Turn
from exmc.actors.errors import NoRuntimeError

if TYPE_CHECKING:
    import concurrent.futures
    from collections.abc import Awaitable, Callable

T = TypeVar("T")

LEFT: Final = "The runtime was left; a thread can no longer run anything in it."

OWN_THREAD: Final = (
    "The runtime's own thread would wait for itself; "
    "await call, start or stop there, and use a thread handle in other threads only."
)

LISTENING: Final = 0.5
"""Seconds of waiting in one piece. A signal that comes just before a thread of Python
falls asleep does not wake it: it wakes by itself, and hears of a Ctrl-C then."""

FORKED: Final = (
    "The runtime runs in the process that made it, and this is a fork of that; "
    "make a runtime after forking."
)


class Visits:
    """Runs functions for other threads until it is closed.

    Args:
        loop: Where they run; made on the loop's own thread.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._thread = threading.get_ident()
        self._process = os.getpid()
        self._waiting: set[concurrent.futures.Future[Any]] = set()
        self._tasks: set[asyncio.Task[Any]] = set()
        # Held for a moment only, never while something runs or waits.
        self._lock = threading.Lock()
        self._closed = False

    def run(self, function: Callable[[], Awaitable[T]]) -> T:
        """Run an async function on the loop, and wait for it in this thread.

        A thread that is interrupted while it waits cancels the function.

        Raises:
            NoRuntimeError: The runtime was left, this is its own thread, or a fork of
                its operating-system process.
        """
        self._refuse_strangers()
        # Made before anything begins, so that an interrupt finds what to cancel.
        waiting: concurrent.futures.Future[T] = Future()
        try:
            self._begin(function, waiting)
            return patient(waiting)
        except CancelledError:
            if self._closed:
                raise NoRuntimeError(LEFT) from None
            raise
        except BaseException:
            waiting.cancel()
            raise
        finally:
            self._waiting.discard(waiting)

    def post(self, function: Callable[[], None]) -> None:
        """Run a plain function on the loop soon, without waiting for it.

        What one thread posts and runs takes place in that order.

        Raises:
            NoRuntimeError: As in `run`.
        """
        self._refuse_strangers()
        with self._lock:
            self._refuse_if_left()
            self._loop.call_soon_threadsafe(self._posted, function)

    async def close(self) -> None:
        """Release every thread that waits, and end what they run."""
        with self._lock:
            self._closed = True
        for waiting in tuple(self._waiting):
            waiting.cancel()
        await Turn()  # what was begun before the closing comes to know of it
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)

    def _refuse_strangers(self) -> None:
        if os.getpid() != self._process:
            raise NoRuntimeError(FORKED)
        if threading.get_ident() == self._thread:
            raise NoRuntimeError(OWN_THREAD)

    def _refuse_if_left(self) -> None:
        if self._closed or self._loop.is_closed():
            raise NoRuntimeError(LEFT)

    def _begin(
        self,
        function: Callable[[], Awaitable[T]],
        waiting: concurrent.futures.Future[T],
    ) -> None:
        with self._lock:
            self._refuse_if_left()
            self._waiting.add(waiting)
            self._loop.call_soon_threadsafe(self._receive, function, waiting)

    def _receive(
        self,
        function: Callable[[], Awaitable[T]],
        waiting: concurrent.futures.Future[T],
    ) -> None:
        """Run a function in a task, which ends when nobody waits for it any more."""
        if waiting.cancelled():
            return
        task = self._loop.create_task(self._visit(function))

        def no_longer(given_up: concurrent.futures.Future[T]) -> None:
            if given_up.cancelled():
                with suppress(RuntimeError):  # the loop is closed, and the task gone
                    self._loop.call_soon_threadsafe(task.cancel)

        waiting.add_done_callback(no_longer)
        task.add_done_callback(partial(tell, waiting))

    def _posted(self, function: Callable[[], None]) -> None:
        if not self._closed:
            function()

    async def _visit(self, function: Callable[[], Awaitable[T]]) -> T:
        task = asyncio.current_task()
        if self._closed or task is None:
            raise NoRuntimeError(LEFT)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return await function()


def patient(waiting: concurrent.futures.Future[T]) -> T:
    """Wait for a result, and hear of an interrupt within LISTENING seconds."""
    while not waiting.done():
        with suppress(TimeoutError):
            # It may be the result that raises this; then it is raised below.
            return waiting.result(LISTENING)
    return waiting.result()


def tell(waiting: concurrent.futures.Future[T], task: asyncio.Task[T]) -> None:
    """Give a thread what its task came to, unless it waits no more."""
    if task.cancelled():
        waiting.cancel()
        return
    error = task.exception()
    with suppress(InvalidStateError):
        if error is not None:
            waiting.set_exception(error)
        else:
            waiting.set_result(task.result())
