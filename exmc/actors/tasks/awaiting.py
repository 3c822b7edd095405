"""What the owner of a task can ask: wait for it, stop it, or forget it.

Waiting consumes nothing: what was not there in time can be waited for again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias, TypeVar, get_args

from exmc.actors.errors import (
    BadTaskOptionError,
    NotOwnerError,
    TaskError,
    TaskTimeoutError,
)
from exmc.actors.exit_reason import KILLED, SHUTDOWN, TIMEOUT, error_in
from exmc.actors.process.here import here
from exmc.actors.process.signals import send, unlink
from exmc.actors.supervision.child_lifecycle import stop_child
from exmc.actors.tasks.result import Exited, Ok
from exmc.actors.tasks.task import TaskDone
from exmc.actors.tasks.waiting import failed, wait_for_results

if TYPE_CHECKING:
    from collections.abc import Iterable

    from exmc.actors.kernel.control_block import ControlBlock
    from exmc.actors.pid import Shutdown
    from exmc.actors.tasks.result import TaskResult
    from exmc.actors.tasks.task import Task

T = TypeVar("T")

OnTimeout: TypeAlias = Literal["nothing", "ignore", "kill_task"]

ON_TIMEOUT: Final = get_args(OnTimeout)


async def await_task(
    task: Task[T],
    *,
    timeout: float | None = 5.0,  # noqa: ASYNC109 (OTP's name, the runtime's clock)
) -> T:
    """Wait for a task of the running process and return its value.

    Args:
        task: The task.
        timeout: Seconds to wait; None for as long as it takes.

    Raises:
        TaskTimeoutError: No value in time. The task works on and may be waited for
            again; `shutdown_task` ends it.
        TaskError: The task ended without a value. An owner that is linked to it and
            does not trap exits has ended with it.
        NotOwnerError: The task belongs to another process.
    """
    me = as_owner((task,))
    await wait_for_results(me, (task,), 1, timeout)
    return value_of(task, timeout)


async def await_many(
    tasks: Iterable[Task[T]],
    *,
    timeout: float | None = 5.0,  # noqa: ASYNC109 (OTP's name, the runtime's clock)
) -> list[T]:
    """Wait for all of several tasks and return their values in the order given.

    Args:
        tasks: The tasks.
        timeout: Seconds to wait for all of them together.

    Raises:
        TaskTimeoutError: A value has not come in time.
        TaskError: A task has ended without a value; raised as soon as it has.
        NotOwnerError: A task belongs to another process.
    """
    asked = tuple(tasks)
    me = as_owner(asked)
    await wait_for_results(me, asked, len(asked), timeout, or_failure=True)
    for task in filter(failed, asked):
        value_of(task, timeout)
    return [value_of(task, timeout) for task in asked]


async def yield_task(
    task: Task[T],
    *,
    timeout: float | None = 5.0,  # noqa: ASYNC109 (OTP's name, the runtime's clock)
) -> TaskResult[T] | None:
    """Wait for a task and return how it ended: Ok(value), Exited(reason) or None.

    Args:
        task: The task.
        timeout: Seconds after which the answer is None; 0 to look and not to wait.

    Raises:
        NotOwnerError: The task belongs to another process.
    """
    await wait_for_results(as_owner((task,)), (task,), 1, timeout)
    return task.result


async def yield_many(
    tasks: Iterable[Task[T]],
    *,
    timeout: float | None = 5.0,  # noqa: ASYNC109 (OTP's name, the runtime's clock)
    limit: int | None = None,
    on_timeout: OnTimeout = "nothing",
) -> list[tuple[Task[T], TaskResult[T] | None]]:
    """Wait for several tasks and return each with how it ended, or None.

    Args:
        tasks: The tasks.
        timeout: Seconds to wait for all of them together.
        limit: How many results are enough; by default all of them.
        on_timeout: What becomes of a task that is not done in time: "nothing", so
            that it can be waited for again, "ignore" or "kill_task". A task that is
            not done when the limit is reached is left alone.

    Raises:
        NotOwnerError: A task belongs to another process.
        BadTaskOptionError: `limit` or `on_timeout` is out of its domain.
    """
    asked = tuple(tasks)
    needed = checked_limit(limit, len(asked), on_timeout)
    me = as_owner(asked)
    if await wait_for_results(me, asked, needed, timeout):
        return [(task, task.result) for task in asked]
    return [(task, task.result or late(task, on_timeout)) for task in asked]


async def shutdown_task(
    task: Task[T], shutdown: Shutdown = 5.0
) -> TaskResult[T] | None:
    """End a task and return Ok(value) if it was done already, or meanwhile.

    Args:
        task: The task; its owner's link to it is cut.
        shutdown: Seconds between the signals "shutdown" and "kill"; "brutal_kill"
            for "kill" at once; "infinity" to wait.

    Returns:
        Exited(reason) if it ended otherwise than it was told to; None if it did as
        told.

    Raises:
        NotOwnerError: The task belongs to another process.
    """
    me = as_owner((task,))
    unlink(task.pid)
    if task.result is None:
        await stop_child(task.pid, shutdown)
    forget_notice(me, task)
    told = KILLED if shutdown == "brutal_kill" else SHUTDOWN
    return None if task.result == Exited(told) else task.result


def ignore_task(task: Task[T]) -> TaskResult[T] | None:
    """Let a task work on alone: it is unlinked and can be asked no more.

    Returns:
        How it ended, if it has; None otherwise.

    Raises:
        NotOwnerError: The task belongs to another process.
    """
    me = as_owner((task,))
    unlink(task.pid)
    task.ignore()
    forget_notice(me, task)
    return task.result


def notify_when_done(task: Task[Any]) -> None:
    """Send the owner TaskDone(task, result) when the task ends, or now if it has.

    For a server that starts a task and goes on: its handle_info gets the result.

    Raises:
        NotOwnerError: The task belongs to another process.
    """
    as_owner((task,))
    task.notified = True
    if task.result is None:
        task.listen(send_notice)
    else:
        send_notice(task)


def send_notice(task: Task[Any]) -> None:
    """Tell the owner how its task has ended."""
    if task.result is not None:
        send(task.owner, TaskDone(task, task.result))


def forget_notice(me: ControlBlock, task: Task[Any]) -> None:
    """Remove from the owner's mailbox what the task has told it."""
    task.unlisten(send_notice)
    if task.notified:
        me.mailbox.discard(lambda m: isinstance(m, TaskDone) and m.task is task)


def late(task: Task[T], on_timeout: OnTimeout) -> TaskResult[T] | None:
    """Treat a task that is not done in time; return None, or how it has ended."""
    if on_timeout == "nothing":
        return None
    if on_timeout == "ignore":
        return ignore_task(task)
    unlink(task.pid)
    task.kill()
    return None if failed(task) else task.result


# What all of them check


def as_owner(tasks: Iterable[Task[Any]]) -> ControlBlock:
    """Return the record of the running process, which must own the tasks.

    Raises:
        NotOwnerError: It does not own one of them.
        TaskError: It has said of one that it would not ask.
    """
    me = here()
    for task in tasks:
        if task.owner is not me.pid:
            message = (
                f"{task!r} can be asked by its owner {task.owner} only, not by "
                f"{me.pid}; let the owner wait and send on what it gets."
            )
            raise NotOwnerError(message)
        if task.ignored:
            message = f"{task!r} was ignored by its owner, so its result is dropped."
            raise TaskError("ignored", message)
    return me


def checked_limit(limit: int | None, tasks: int, on_timeout: OnTimeout) -> int:
    """Return how many results yield_many waits for.

    Raises:
        BadTaskOptionError: An option is out of its domain.
    """
    if limit is not None and limit < 0:
        raise BadTaskOptionError(f"limit must be at least 0 or None, got {limit!r}.")
    if on_timeout not in ON_TIMEOUT:
        message = f"on_timeout must be one of {ON_TIMEOUT}, got {on_timeout!r}."
        raise BadTaskOptionError(message)
    return tasks if limit is None else min(limit, tasks)


def value_of(task: Task[T], seconds: float | None) -> T:
    """Return the value of a task that was waited for.

    Raises:
        TaskTimeoutError: It has none yet.
        TaskError: It has ended without one.
    """
    match task.result:
        case Ok(value=value):
            return value
        case Exited(reason=reason):
            message = f"{task!r} ended with {reason!r} and gave no value."
            raise TaskError(reason, message) from error_in(reason)
        case None:
            message = f"{task!r} has given no value within {seconds} s."
            raise TaskTimeoutError(TIMEOUT, message)
