"""How long each process's code has run: measured for each turn, when asked for.

A turn is up to 200 messages, or a handler from one `await` to the next; so the cost is
two looks at a clock for each turn, and nothing where nobody measures.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from exmc.actors.kernel.carrier import RunQueue
from exmc.actors.kernel.control_block import ControlBlock
from exmc.actors.kernel.state import DEAD

if TYPE_CHECKING:
    from collections.abc import Callable

    from exmc.actors.kernel.carrier import Runnable
    from exmc.actors.kernel.kernel import Kernel

FIRST_CLEARING: Final = 1000
"""Processes known before the dead among them are first forgotten."""


class TimedRunQueue(RunQueue):
    """A run queue that knows how long each living process has been on stage.

    Args:
        kernel: Whose queue it becomes.
        now: The clock, in seconds.
    """

    def __init__(self, kernel: Kernel, now: Callable[[], float]) -> None:
        self._now = now
        self._staged: Runnable | None = None
        self._since = 0.0
        self._seconds: dict[Runnable, float] = {}
        self._clearing = FIRST_CLEARING
        ready = kernel.run_queue.ready
        super().__init__(kernel.loop, kernel.resting, ControlBlock.take_turn, ready)

    @property
    def on_stage(self) -> Runnable | None:
        """The process whose code is running."""
        return self._staged

    @on_stage.setter
    def on_stage(self, process: Runnable | None) -> None:
        left, now, seconds = self._staged, self._now(), self._seconds
        if left is not None:
            seconds[left] = seconds.get(left, 0.0) + now - self._since
            if len(seconds) > self._clearing:
                self._forget_the_dead()
        self._staged, self._since = process, now

    def busy(self, process: Runnable) -> float:
        """Return the seconds that a living process's code has run so far."""
        current = self._now() - self._since if process is self._staged else 0.0
        return self._seconds.get(process, 0.0) + current

    def _forget_the_dead(self) -> None:
        alive = {p: s for p, s in self._seconds.items() if p.state is not DEAD}
        self._seconds = alive
        self._clearing = max(FIRST_CLEARING, 2 * len(alive))


def measure(kernel: Kernel, now: Callable[[], float]) -> None:
    """Measure how long the processes of a runtime run.

    Args:
        kernel: A new one, in which there is no process yet.
        now: The clock, in seconds; such as time.perf_counter.

    Raises:
        RuntimeError: There are processes already.
    """
    if kernel.table:
        raise RuntimeError(
            "Busy times are measured from the start or not at all; "
            "call measure before there is any process."
        )
    kernel.run_queue = TimedRunQueue(kernel, now)


def busy_of(kernel: Kernel, process: Runnable) -> float | None:
    """Return the seconds that a process's code has run; None if nobody measures."""
    queue = kernel.run_queue
    return queue.busy(process) if isinstance(queue, TimedRunQueue) else None
