"""A suspended coroutine, driven by a task that is not its own."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final, Protocol

if TYPE_CHECKING:
    import contextvars
    from collections.abc import Callable, Coroutine, Generator

ENDED: Final = object()
"""What `Stepped.step` returns in place of an awaitable when nothing is left to do."""


class Stepped(Protocol):
    """The owner of a coroutine."""

    @property
    def coroutine(self) -> Coroutine[Any, Any, None] | None:
        """The suspended coroutine; None once it has been unwound."""
        ...

    def step(self, advance: Callable[[Any], Any], argument: object) -> object:
        """Advance the coroutine and return what it awaits now, or ENDED."""
        ...


class Resumption:
    """Awaiting it drives a process's coroutine from its suspension to its end.

    The running task receives the awaited futures as if the coroutine were its own:
    so its cancellation reaches the coroutine, and asyncio.timeout and TaskGroup
    work inside handlers. When the process is killed meanwhile the coroutine is gone
    at the next wake-up, and the task is free.
    """

    def __init__(self, process: Stepped, awaited: object) -> None:
        self._process = process
        self._awaited = awaited

    def __await__(self) -> Generator[Any, Any, None]:
        process, awaited = self._process, self._awaited
        coroutine = process.coroutine
        if coroutine is None:
            return
        while awaited is not ENDED:
            try:
                value = yield awaited
            except GeneratorExit:
                coroutine.close()
                raise
            except BaseException as error:  # noqa: BLE001 (the coroutine judges it)
                if process.coroutine is not coroutine:
                    return
                awaited = process.step(coroutine.throw, error)
            else:
                if process.coroutine is not coroutine:
                    return
                awaited = process.step(coroutine.send, value)


def unwind(coroutine: Coroutine[Any, Any, None], context: contextvars.Context) -> bool:
    """Run the cleanup code of a suspended coroutine now, and be done with it.

    It gets CancelledError once. If its cleanup waits for something, it is closed at
    that point. Whatever it raises is dropped: its process is dead already.

    Returns:
        Whether it ended; a coroutine that will not is never run again.
    """
    try:
        context.run(coroutine.throw, asyncio.CancelledError())
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException:  # noqa: BLE001 (see above)
        return True
    try:
        context.run(coroutine.close)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException:  # noqa: BLE001 (it ignored GeneratorExit, or raised)
        return False
    return True
