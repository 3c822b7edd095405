"""The process that runs one function, and for whom it does."""

from __future__ import annotations

from dataclasses import dataclass, field
from inspect import isawaitable, iscoroutine
from typing import TYPE_CHECKING, Any

from exmc.actors.exit_reason import NOPROC, SHUTDOWN, ProcessExit
from exmc.actors.process.here import here
from exmc.actors.process.process import Process
from exmc.actors.process.signals import link, unlink

if TYPE_CHECKING:
    from collections.abc import Callable

    from exmc.actors.pid import Pid
    from exmc.actors.tasks.task import Task


@dataclass(frozen=True, slots=True)
class Job:
    """What a task has to do.

    Attributes:
        function: A plain or an async function.
        args, kwargs: Its arguments.
        callers: For whom, nearest first.
        task: Where its owner waits for the result; None if nobody does.
        linked: Link the process to the owner, whoever starts it.

    Raises:
        TypeError: The function is none; a coroutine is closed.
    """

    function: Callable[..., object]
    args: tuple[object, ...] = ()
    kwargs: dict[str, object] = field(default_factory=dict[str, object])
    callers: tuple[Pid, ...] = ()
    task: Task[Any] | None = None
    linked: bool = False

    def __post_init__(self) -> None:
        refuse_coroutine(self.function)

    async def value(self) -> object:
        """Call the function, and wait for what it returns."""
        value = self.function(*self.args, **self.kwargs)
        return await value if isawaitable(value) else value


def refuse_coroutine(function: object) -> None:
    """Check that something is a function, and not what calling it gives.

    Raises:
        TypeError: It is no function; a coroutine is closed.
    """
    if iscoroutine(function):
        function.close()
    if not callable(function):
        raise TypeError(
            f"A task is given a function and its arguments, not what calling it "
            f"gives: async_task(f, x), not async_task(f(x)); got {function!r}."
        )


class TaskProcess(Process):
    """Runs one function and ends "normal", or as the function does.

    Attributes:
        callers: The processes it works for, nearest first.
    """

    callers: tuple[Pid, ...] = ()

    async def run(self, job: Job) -> None:
        """Do the job.

        An owner that traps exits gets no Exit from a task that has given its value:
        the link is cut before the end.
        """
        self.job = job
        self.callers = job.callers
        if job.task is None:
            await job.value()
            return
        if job.task.unwanted:
            raise ProcessExit(SHUTDOWN)
        if job.linked:
            share_fate(job.task.owner)
        job.task.began(self.pid)
        job.task.succeed(await job.value())
        unlink(job.task.owner)

    def for_reports(self, state: dict[str, object]) -> dict[str, object]:
        """Show the function and its arguments."""
        job = state.get("job")
        if not isinstance(job, Job):
            return state
        return {"function": name_of(job.function), "args": job.args, **job.kwargs}


def share_fate(owner: Pid) -> None:
    """Link the running process to the owner of its task.

    Raises:
        ProcessExit: The owner is dead; so is its task.
    """
    if not owner.alive:
        raise ProcessExit(NOPROC)
    link(owner)


def callers() -> tuple[Pid, ...]:
    """Return for whom the running process works, nearest first.

    It is the owner of the task that this process is, then those for whom the owner
    works; nobody if it is no task. (Elixir: the process dictionary's `$callers`.)
    """
    behaviour = here().behaviour
    return behaviour.callers if isinstance(behaviour, TaskProcess) else ()


def callers_of_mine() -> tuple[Pid, ...]:
    """Return the callers of a task that the running process starts."""
    return (here().pid, *callers())


def name_of(function: Callable[..., object]) -> str:
    """Return the name of a function, for people."""
    return getattr(function, "__qualname__", None) or repr(function)
