"""Tasks under a supervisor, which stops them when it is stopped."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar, overload

from exmc.actors.pid import Pid
from exmc.actors.process.here import here
from exmc.actors.supervision.asking import start_child, which_children
from exmc.actors.supervision.child_spec import ChildSpec
from exmc.actors.supervision.dynamic_supervisor import DynamicSupervisor
from exmc.actors.tasks.task import Task
from exmc.actors.tasks.task_process import Job, TaskProcess, callers_of_mine, name_of

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Hashable

    from exmc.actors.process.here import Address
    from exmc.actors.supervision.child_spec import Restart

P = ParamSpec("P")
T = TypeVar("T")


class TaskSupervisor(DynamicSupervisor):
    """A supervisor of tasks; what the functions here start, it never starts again.

    `start_link(TaskSupervisor(max_children=64), name="tasks")`, or as the child of
    another supervisor.

    Args:
        max_children: How many tasks there may be at a time.
    """

    def __init__(self, *, max_children: int | None = None) -> None:
        super().__init__(max_children=max_children)


@overload
async def async_nolink(
    supervisor: Address,
    function: Callable[P, Coroutine[Any, Any, T]],
    /,
    *args: P.args,
    **kwargs: P.kwargs,
) -> Task[T]: ...


@overload
async def async_nolink(
    supervisor: Address,
    function: Callable[P, T],
    /,
    *args: P.args,
    **kwargs: P.kwargs,
) -> Task[T]: ...


async def async_nolink(
    supervisor: Address,
    function: Callable[..., Any],
    /,
    *args: object,
    **kwargs: object,
) -> Task[Any]:
    """Start a task under a supervisor, without a link to the running process.

    Its crash is a result like any other, and it outlives its owner. (Elixir:
    Task.Supervisor.async_nolink.)

    Args:
        supervisor: A TaskSupervisor.
        function: A plain or an async function.
        *args: For the function.
        **kwargs: For the function.

    Raises:
        ChildError: "max_children".
        CallError: There is no such supervisor, or it ended.
    """
    task, job = wanted(function, args, kwargs, linked=False)
    await begin_under(supervisor, task, job)
    return task


@overload
async def async_under(
    supervisor: Address,
    function: Callable[P, Coroutine[Any, Any, T]],
    /,
    *args: P.args,
    **kwargs: P.kwargs,
) -> Task[T]: ...


@overload
async def async_under(
    supervisor: Address,
    function: Callable[P, T],
    /,
    *args: P.args,
    **kwargs: P.kwargs,
) -> Task[T]: ...


async def async_under(
    supervisor: Address,
    function: Callable[..., Any],
    /,
    *args: object,
    **kwargs: object,
) -> Task[Any]:
    """Start a task under a supervisor, linked to the running process too.

    The supervisor stops it, and its owner shares its fate as with `async_task`.
    (Elixir: Task.Supervisor.async.)

    Args:
        supervisor: A TaskSupervisor.
        function: A plain or an async function.
        *args: For the function.
        **kwargs: For the function.

    Raises:
        ChildError: "max_children".
        CallError: There is no such supervisor, or it ended.
    """
    task, job = wanted(function, args, kwargs, linked=True)
    await begin_under(supervisor, task, job)
    return task


async def start_task(
    supervisor: Address,
    function: Callable[P, object],
    /,
    *args: P.args,
    **kwargs: P.kwargs,
) -> Pid:
    """Start a task whose value nobody waits for.

    (Elixir: Task.Supervisor.start_child.)

    Raises:
        ChildError: "max_children".
        CallError: There is no such supervisor, or it ended.
    """
    job = Job(function, args, kwargs, callers_of_mine())
    return await start_child(supervisor, spec_of(job, name_of(function), "temporary"))


async def task_children(supervisor: Address) -> tuple[Pid, ...]:
    """Return the tasks of a supervisor that run, in start order."""
    children = await which_children(supervisor)
    return tuple(child.pid for child in children if isinstance(child.pid, Pid))


def task_spec(
    function: Callable[..., object],
    /,
    *args: object,
    id: Hashable = None,  # noqa: A002 (ChildSpec's name)
    restart: Restart = "temporary",
) -> ChildSpec:
    """Make the child spec of a function that any supervisor runs once.

    Args:
        function: A plain or an async function.
        *args: For the function.
        id: Its name inside the supervisor; by default the function's.
        restart: "transient" runs it again until it returns, "permanent" for ever.
    """
    child = name_of(function) if id is None else id
    return spec_of(Job(function, args), child, restart)


# What these have in common


def wanted(
    function: Callable[..., object],
    args: tuple[object, ...],
    kwargs: dict[str, object],
    *,
    linked: bool,
) -> tuple[Task[Any], Job]:
    """Make a task of the running process that has not begun, and what it has to do."""
    task: Task[Any] = Task(here().pid, name_of(function))
    return task, Job(function, args, kwargs, callers_of_mine(), task, linked)


async def begin_under(supervisor: Address, task: Task[Any], job: Job) -> None:
    """Have a supervisor start the process of a task.

    If that fails, or is broken off, the task does not begin, or ends at once.
    """
    try:
        await start_child(supervisor, spec_of(job, task.function, "temporary"))
    except BaseException:
        task.kill()
        raise


def spec_of(job: Job, child: Hashable, restart: Restart) -> ChildSpec:
    """Return the child spec of a job."""
    return ChildSpec(child, TaskProcess, (job,), restart=restart)
