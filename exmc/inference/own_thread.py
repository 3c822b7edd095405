"""A coroutine on a thread and an event loop of its own, for synchronous callers."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import Future
from typing import TYPE_CHECKING, Generic, TypeVar

from exmc.actors import new_event_loop
from exmc.actors.port.standard_streams import occupy_closed

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

T = TypeVar("T")

ABORT_SECONDS = 5.0


class OwnThread(Generic[T]):
    """Runs `conduct(stop)` elsewhere; the caller waits, and may ask it to stop.

    Args:
        conduct: Gets an event that is set when the caller asks for a stop.
    """

    def __init__(
        self, conduct: Callable[[asyncio.Event], Coroutine[None, None, T]]
    ) -> None:
        self._conduct = conduct
        self._done: Future[T] = Future()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._main, name="exmc-run", daemon=True)
        self._thread.start()

    def result(self) -> T:
        """Wait for the end; Ctrl-C interrupts the waiting, not the thread."""
        value = self._done.result()
        self._thread.join()
        return value

    def stop(self) -> None:
        """Ask for an orderly end."""
        if self._conducting():
            self._soon(self._stop.set)

    def abort(self) -> None:
        """Cancel, and wait a little for what has to be cleaned up."""
        if self._conducting():
            self._soon(self._task.cancel)
        self._thread.join(ABORT_SECONDS)

    def _conducting(self) -> bool:
        """Whether it goes on, once it has begun."""
        self._ready.wait()
        return not self._done.done()

    def _soon(self, act: Callable[[], object]) -> None:
        try:
            self._loop.call_soon_threadsafe(act)
        except RuntimeError:
            # The loop is closed: it has just come to its end by itself.
            return

    def _main(self) -> None:
        try:
            occupy_closed()
            with asyncio.Runner(loop_factory=new_event_loop) as runner:
                value = runner.run(self._supervised())
        except BaseException as error:  # noqa: BLE001 - it is raised in the caller
            self._done.set_exception(error)
        else:
            self._done.set_result(value)
        finally:
            self._ready.set()

    async def _supervised(self) -> T:
        self._loop = asyncio.get_running_loop()
        self._stop = asyncio.Event()
        task = asyncio.create_task(self._conduct(self._stop))
        self._task = task
        self._ready.set()
        return await task
