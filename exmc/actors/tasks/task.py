"""The handle on a function that runs in a process of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from exmc.actors.exit_reason import KILL
from exmc.actors.tasks.result import Exited, Ok

if TYPE_CHECKING:
    from collections.abc import Callable

    from exmc.actors.exit_reason import Reason
    from exmc.actors.pid import Pid
    from exmc.actors.tasks.result import TaskResult

T_co = TypeVar("T_co", covariant=True)


class Task(Generic[T_co]):
    """What one process knows of a function that another one runs for it.

    The result is kept here and in no mailbox: a task that nobody waits for any more
    leaves nothing behind, and asking twice gives the same answer.

    Attributes:
        owner: The one process that may ask for the result.
        function: The name of the function.
        result: How it ended; None until then, and for good if it is ignored.
        ignored: Its owner has said that it will not ask.
        notified: Its owner wants, or has had, a message at the end.
        unwanted: It is to end before it calls its function.
    """

    __slots__ = (
        "__weakref__",
        "_listeners",
        "_pid",
        "function",
        "ignored",
        "notified",
        "owner",
        "result",
        "unwanted",
    )

    def __init__(self, owner: Pid, function: str) -> None:
        self.owner = owner
        self.function = function
        self.result: TaskResult[T_co] | None = None
        self.ignored = False
        self.notified = False
        self.unwanted = False
        self._pid: Pid | None = None
        self._listeners: dict[Callable[[Task[Any]], None], None] = {}

    @property
    def pid(self) -> Pid:
        """The process that runs the function."""
        if self._pid is None:
            raise AssertionError(f"{self!r} has not begun.")
        return self._pid

    def __repr__(self) -> str:
        return f"Task({self.function} in {self._pid} for {self.owner})"

    # For the owner; see awaiting.py, which checks that it is the owner who asks

    def listen(self, listener: Callable[[Task[Any]], None]) -> None:
        """Call `listener(task)` once, as soon as there is a result."""
        self._listeners[listener] = None

    def unlisten(self, listener: Callable[[Task[Any]], None]) -> None:
        """Take that back."""
        self._listeners.pop(listener, None)

    def ignore(self) -> None:
        """Forget the task; what it will return is dropped."""
        self.ignored = True
        self._listeners.clear()
        if self._pid is not None and self._pid.target is not None:
            self._pid.target.drop_watcher(self)

    def kill(self) -> None:
        """End the process at once; one that has not begun yet will not."""
        self.unwanted = True
        if self._pid is not None and self._pid.target is not None:
            self._pid.target.exit(self.owner, KILL, linked=False)

    # For the process that runs the function

    def began(self, pid: Pid) -> None:
        """Take note of the process, and be told when it ends. Idempotent."""
        if self._pid is None:
            self._pid = pid
            if pid.target is not None and not self.ignored:
                pid.target.add_watcher(self)

    def succeed(self, value: object) -> None:
        """Take note of what the function returned."""
        self._ended(Ok(cast("T_co", value)))

    def down(self, reason: Reason) -> None:
        """Take note of the end of the process; the value came first if there is one."""
        self._ended(Exited(reason))

    def _ended(self, result: TaskResult[T_co]) -> None:
        if self.result is not None or self.ignored:
            return
        self.result = result
        listeners, self._listeners = self._listeners, {}
        for listener in listeners:
            listener(self)


@dataclass(frozen=True, slots=True)
class TaskDone:
    """A message to the owner of a task: it has ended; see notify_when_done.

    Attributes:
        task: The task.
        result: How it ended.
    """

    task: Task[Any]
    result: TaskResult[Any]
