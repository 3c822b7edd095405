"""A runtime in a thread of its own, for programs that are not async."""

from __future__ import annotations

import asyncio
import os
import threading
from concurrent.futures import Future, wait
from contextlib import suppress
from typing import TYPE_CHECKING

from exmc.actors.errors import NoRuntimeError
from exmc.actors.event_loop import new_event_loop
from exmc.actors.runtime.runtime import Runtime

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from exmc.actors.clock import Clock
    from exmc.actors.runtime.threads import ThreadHandle


class BackgroundRuntime:
    """Runs a loop and a runtime in a thread of its own while its block lasts.

    `with BackgroundRuntime() as processes: processes.call(...)`. On leaving, all
    processes are stopped as on leaving a Runtime. Interrupted while it leaves, as by
    a second Ctrl-C, it kills them.

    The thread does not survive a fork: make the runtime in the child. Whatever ends
    the runtime early, such as SystemExit raised in a process, is raised on leaving.

    Args:
        clock: As of a Runtime.
        loop_factory: Makes the event loop.
        debug: As of a Runtime, as are the others.
        watchdog: Name the handler that blocks the loop.
        timing: Measure how long the code of each process runs.
    """

    def __init__(
        self,
        clock: Clock | None = None,
        *,
        loop_factory: Callable[[], asyncio.AbstractEventLoop] = new_event_loop,
        debug: bool = False,
        watchdog: bool = False,
        timing: bool = False,
    ) -> None:
        self._runtime = Runtime(clock, debug=debug, watchdog=watchdog, timing=timing)
        self._loop_factory = loop_factory
        self._process = os.getpid()
        self._handle: Future[ThreadHandle] = Future()
        self._ended: Future[None] = Future()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stay: asyncio.Task[None] | None = None
        self._leaving: asyncio.Event | None = None
        self._thread = threading.Thread(
            target=self._live, name="exmc.actors runtime", daemon=True
        )

    def __enter__(self) -> ThreadHandle:
        if self._thread.ident is not None:
            raise NoRuntimeError("A BackgroundRuntime is entered once; make another.")
        self._process = os.getpid()
        self._thread.start()
        try:
            return self._handle.result()
        except BaseException:
            self._ask(self._hurry)
            self._wait_for_the_end()
            raise

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if os.getpid() != self._process:
            return  # a fork: the thread is the parent's
        self._ask(self._leave)
        self._wait_for_the_end()
        self._ended.result()

    def _live(self) -> None:
        """Be the thread."""
        try:
            with asyncio.Runner(loop_factory=self._loop_factory) as runner:
                self._loop = runner.get_loop()
                runner.run(self._main())
        except BaseException as error:  # noqa: BLE001 (raised again where it is left)
            if not self._handle.done():
                self._handle.set_exception(error)
            self._ended.set_exception(error)
        else:
            self._ended.set_result(None)

    async def _main(self) -> None:
        self._stay = asyncio.current_task()
        self._leaving = asyncio.Event()
        async with self._runtime as runtime:
            self._handle.set_result(runtime.from_thread())
            await self._leaving.wait()

    def _wait_for_the_end(self) -> None:
        """Wait for the thread; kill every process if the waiting is interrupted."""
        try:
            wait([self._ended])  # a join that was interrupted cannot be repeated
        except BaseException:
            self._ask(self._hurry)
            wait([self._ended])
            self._thread.join()
            raise
        self._thread.join()

    def _ask(self, what: Callable[[], None]) -> None:
        """Do something on the loop, unless it is closed already."""
        if self._loop is not None:
            with suppress(RuntimeError):
                self._loop.call_soon_threadsafe(what)

    def _leave(self) -> None:
        if self._leaving is not None:
            self._leaving.set()

    def _hurry(self) -> None:
        if self._stay is not None:
            self._stay.cancel()
