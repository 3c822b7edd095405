"""A suspended coroutine, driven by a task that is not its own."""

from __future__ import annotations

import asyncio
import inspect
from typing import TYPE_CHECKING, Any, Final, NoReturn, Protocol

if TYPE_CHECKING:
    import contextvars
    from collections.abc import Callable, Coroutine, Generator

    from exmc.actors.kernel.conduct import Work

ENDED: Final = object()
"""What `Stepped.step` returns in place of an awaitable when nothing is left to do."""


NOT_BEGUN: Final = object()
"""Stands for what a coroutine awaits that nobody has advanced yet."""


class Suspension:
    """A handler that waits.

    Attributes:
        coroutine: What is left of it.
        awaited: What it waited for when it was suspended, or NOT_BEGUN.
        task: The carrier that has taken it over, or None.
    """

    __slots__ = ("awaited", "coroutine", "task")

    def __init__(self, coroutine: Work, awaited: object) -> None:
        self.coroutine = coroutine
        self.awaited = awaited
        self.task: asyncio.Task[None] | None = None

    def end(self, context: contextvars.Context | None) -> bool:
        """Unwind the coroutine and free the carrier; tell whether it has ended."""
        if self.awaited is NOT_BEGUN:
            discard(self.coroutine)
        ended, task = unwind(self.coroutine, context), self.task
        if task is not None and task is not asyncio.current_task():
            task.cancel()
        return ended


class Stepped(Protocol):
    """The process whose handler it is."""

    @property
    def suspension(self) -> Suspension | None:
        """The handler; None once it has ended, or has been unwound."""
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

    __slots__ = ("_process", "_suspension")

    def __init__(self, process: Stepped, suspension: Suspension) -> None:
        self._process = process
        self._suspension = suspension

    def __await__(self) -> Generator[Any, Any, None]:
        process, suspension = self._process, self._suspension
        coroutine, awaited = suspension.coroutine, suspension.awaited
        awaited = awaited if process.suspension is suspension else ENDED
        if awaited is NOT_BEGUN:
            awaited = process.step(coroutine.send, None)
        while awaited is not ENDED:
            try:
                value = yield awaited
            except GeneratorExit:
                coroutine.close()
                raise
            except BaseException as error:  # noqa: BLE001 (the coroutine judges it)
                if process.suspension is not suspension:
                    return
                awaited = process.step(coroutine.throw, error)
            else:
                if process.suspension is not suspension:
                    return
                awaited = process.step(coroutine.send, value)


def discard(coroutine: Coroutine[Any, Any, Any]) -> None:
    """Close a coroutine that has not begun, and those it was given to await.

    One of the user's is among them: that it was never awaited is not his mistake.
    """
    if inspect.getcoroutinestate(coroutine) == inspect.CORO_CREATED:
        for given in inspect.getcoroutinelocals(coroutine).values():
            if inspect.iscoroutine(given):
                discard(given)
        coroutine.close()


def unwind(
    coroutine: Coroutine[Any, Any, None], context: contextvars.Context | None
) -> bool:
    """Run the cleanup code of a suspended coroutine now, and be done with it.

    It gets CancelledError once. If its cleanup waits for something, it is closed at
    that point. Whatever it raises is dropped: its process is dead already. What is
    meant for the whole program, such as SystemExit, is raised by the loop, so that
    the process is dead all the same.

    Args:
        coroutine: What waits.
        context: Where it runs; None in its own turn, which is there already.

    Returns:
        Whether it ended; a coroutine that will not is never run again.
    """
    run = at_once if context is None else context.run
    try:
        run(coroutine.throw, asyncio.CancelledError())
    except (KeyboardInterrupt, SystemExit) as error:
        asyncio.get_running_loop().call_soon(raised, error)
        return True
    except BaseException:  # noqa: BLE001 (see above)
        return True
    try:
        run(coroutine.close)
    except (KeyboardInterrupt, SystemExit) as error:
        asyncio.get_running_loop().call_soon(raised, error)
    except BaseException:  # noqa: BLE001 (it ignored GeneratorExit, or raised)
        return False
    return True


def at_once(function: Callable[..., object], *args: object) -> None:
    """Call a function in the context that is entered already."""
    function(*args)


def raised(error: BaseException) -> NoReturn:
    """Raise an exception, in a callback of the loop."""
    raise error
