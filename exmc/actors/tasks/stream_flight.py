"""The tasks of one stream that run, and what becomes of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from exmc.actors.errors import TaskError, TaskTimeoutError
from exmc.actors.exit_reason import NORMAL, TIMEOUT, error_in
from exmc.actors.tasks.async_task import begin
from exmc.actors.tasks.result import Exited, Ok
from exmc.actors.tasks.stream_window import Window
from exmc.actors.tasks.task import Task
from exmc.actors.tasks.task_process import Job, callers_of_mine, name_of
from exmc.actors.tasks.task_supervisor import begin_under

if TYPE_CHECKING:
    from collections.abc import Callable

    from exmc.actors.clock import TimerHandle
    from exmc.actors.exit_reason import Reason
    from exmc.actors.kernel.control_block import ControlBlock
    from exmc.actors.tasks.result import TaskResult
    from exmc.actors.tasks.stream_options import StreamPlan

T = TypeVar("T")


@dataclass(slots=True)
class Passenger:
    """One task on its way.

    Attributes:
        position: Of its item.
        item: What its function was given.
        timer: Ends its time.
        overdue: Its time was over.
    """

    position: int
    item: object
    timer: TimerHandle | None = None
    overdue: bool = False

    def stop_timer(self) -> None:
        """Let its time not end any more."""
        if self.timer is not None:
            self.timer.cancel()


class Flight(Generic[T]):
    """Starts the tasks of one stream and collects their results.

    No link ties the tasks to the consumer: this stands between, so that no Exit of
    theirs ever lies in its mailbox.

    Args:
        owner: The consumer.
        function: What each item is given to.
        plan: How.
        changed: Called when there is a result, or a failure.

    Attributes:
        window: The results.
        failure: What ended the stream; None while it goes on.
    """

    def __init__(
        self,
        owner: ControlBlock,
        function: Callable[..., object],
        plan: StreamPlan,
        changed: Callable[[], None],
    ) -> None:
        self.window: Window[TaskResult[T]] = Window(
            plan.max_concurrency, ordered=plan.ordered
        )
        self.failure: TaskError | None = None
        self._owner = owner
        self._function = function
        self._plan = plan
        self._changed = changed
        self._running: dict[Task[Any], Passenger] = {}

    async def launch(self, item: object) -> None:
        """Start the task of an item.

        Raises:
            ChildError: The supervisor has "max_children".
            CallError: There is no such supervisor, or it ended.
        """
        task: Task[T] = Task(self._owner.pid, name_of(self._function))
        job = Job(self._function, (item,), {}, callers_of_mine(), task)
        passenger = Passenger(self.window.take(), item)
        self._running[task] = passenger
        task.listen(self._landed)
        if self._plan.supervisor is None:
            begin(task, job, linked=False)
        else:
            await begin_under(self._plan.supervisor, task, job)
        if self._plan.timeout is not None and task in self._running:
            passenger.timer = self._owner.kernel.clock.call_later(
                self._plan.timeout, self._time_is_over, task, passenger
            )

    def close(self) -> None:
        """Kill every task, whose results nobody will hear of. Idempotent."""
        running, self._running = self._running, {}
        for task, passenger in running.items():
            passenger.stop_timer()
            task.unlisten(self._landed)
            task.kill()

    def _time_is_over(self, task: Task[T], passenger: Passenger) -> None:
        if self._plan.on_timeout == "kill_task":
            passenger.overdue = True
            task.kill()
        else:
            message = f"{task!r} has given no value within {self._plan.timeout} s."
            self._fail(TaskTimeoutError(TIMEOUT, message))

    def _landed(self, task: Task[T]) -> None:
        passenger, result = self._running.pop(task), task.result
        passenger.stop_timer()
        match result:
            case Ok():
                self.window.finish(passenger.position, result)
            case Exited(reason=reason) if self._is_shared(reason, passenger):
                self._share(task, reason)
            case Exited(reason=reason):
                self.window.finish(passenger.position, self._exited(reason, passenger))
            case None:
                pass
        self._changed()

    def _is_shared(self, reason: Reason, passenger: Passenger) -> bool:
        """Tell whether the end of a task is the end of the consumer."""
        alone = passenger.overdue or reason == NORMAL or self._owner.behaviour.trap_exit
        return self._plan.linked and not alone

    def _share(self, task: Task[T], reason: Reason) -> None:
        """End the stream, and give the consumer the exit signal of a linked process."""
        failure = TaskError(reason, f"{task!r} ended with {reason!r}.")
        failure.__cause__ = error_in(reason)
        self._fail(failure)
        if self._owner.pid.target is not None:
            self._owner.pid.target.exit(task.pid, reason, linked=True)

    def _exited(self, reason: Reason, passenger: Passenger) -> Exited:
        why = TIMEOUT if passenger.overdue else reason
        return Exited((passenger.item, why) if self._plan.zip_input_on_exit else why)

    def _fail(self, failure: TaskError) -> None:
        self.failure = failure
        self.close()
        self._changed()
