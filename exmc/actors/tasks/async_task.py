"""Starting a task: a function in a process linked to the running one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar, overload

from exmc.actors.process.here import here
from exmc.actors.process.starting import spawn
from exmc.actors.tasks.task import Task
from exmc.actors.tasks.task_process import Job, TaskProcess, callers_of_mine, name_of

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

P = ParamSpec("P")
T = TypeVar("T")


@overload
def async_task(
    function: Callable[P, Coroutine[Any, Any, T]], /, *args: P.args, **kwargs: P.kwargs
) -> Task[T]: ...


@overload
def async_task(
    function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs
) -> Task[T]: ...


def async_task(
    function: Callable[..., Any], /, *args: object, **kwargs: object
) -> Task[Any]:
    """Run a function in a process linked to the running one, and go on.

    `await_task` gives its value. If it crashes, its owner gets the exit signal, and
    if its owner does, it gets one too: only an owner that ends "normal" leaves it
    running. (Elixir: Task.async.)

    Args:
        function: A plain or an async function.
        *args: For the function.
        **kwargs: For the function.

    Raises:
        TypeError: It is no function, such as the coroutine that calling it gives.
    """
    task: Task[Any] = Task(here().pid, name_of(function))
    job = Job(function, args, kwargs, callers_of_mine(), task)
    begin(task, job, linked=True)
    return task


def begin(task: Task[Any], job: Job, *, linked: bool) -> None:
    """Start the process of a task; the function is called in its first turn."""
    task.began(spawn(TaskProcess, job, link=linked))
