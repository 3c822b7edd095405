"""The run queue, and the tasks that carry processes through it.

A process owns no asyncio task while it is idle. Ready processes stand in one
queue, and one *carrier* task at a time, the one that has the duty, pops them and
runs their messages. A handler that suspends keeps the carrier as its task until
it ends; the duty passes to another carrier, parked or new.
"""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from typing import TYPE_CHECKING, Any, Final, Protocol

from exmc.actors.clock import Turn
from exmc.actors.errors import NoRuntimeError
from exmc.actors.kernel.state import READY, SUSPENDED

if TYPE_CHECKING:
    import contextvars
    from collections.abc import Callable, Iterator

    from exmc.actors.kernel.state import State

BUDGET: Final = 200
"""Messages that one process may handle before the next process has its turn."""

TICK: Final = 2000
"""Messages after which the event loop has its turn: about 1 ms of cheap ones."""

MOST_PARKED: Final = 64
"""Carriers kept for reuse; more of them end when they have nothing to do."""


class Runnable(Protocol):
    """What stands in the run queue."""

    @property
    def state(self) -> State:
        """READY to take a turn, SUSPENDED with a handler to be carried on, or DEAD."""
        ...

    @property
    def context(self) -> contextvars.Context | None:
        """The context in which its code runs, if it has one now."""
        ...

    def open_context(self) -> contextvars.Context:
        """Make it one."""
        ...

    def escaped(self, error: BaseException) -> object:
        """End it: its turn raised."""
        ...

    async def resumed(self, task: asyncio.Task[None]) -> None:
        """Take the running task for its own until the suspended handler ends."""
        ...

    def rest(self) -> None:
        """Stand in the queue again if messages are left, or become idle."""
        ...


class Line(Protocol):
    """Ready processes, in the order in which they are to run."""

    @property
    def budget(self) -> int:
        """Messages that one process may handle before the next has its turn."""
        ...

    def append(self, process: Runnable, /) -> None:
        """Let a process stand in line."""
        ...

    def popleft(self) -> Runnable:
        """Take the one whose turn it is."""
        ...

    def __len__(self) -> int: ...

    def __iter__(self) -> Iterator[Runnable]: ...


class FirstComeFirstServed(deque[Runnable]):
    """In order of arrival."""

    __slots__ = ("budget",)

    def __init__(self) -> None:
        super().__init__()
        self.budget = BUDGET


class RunQueue:
    """Ready processes in order, and the carriers that run them.

    Args:
        loop: The loop on which everything runs.
        context: The context of carriers, so that none keeps a process's own.
        take_turn: Runs a process in its own context: it handles up to so many
            messages, and what they count in a tick is returned.
        ready: An empty line; by default first come, first served.

    Attributes:
        ready: The processes that wait for their turn.
        on_duty: The carrier that runs them, if there is anything to run.
        on_stage: The process whose code is running.
        activity: Grows with every step of every process.
        carriers: The tasks.
    """

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        context: contextvars.Context,
        take_turn: Callable[[Any, int], int],
        ready: Line | None = None,
    ) -> None:
        # Looked up once, not for each turn.
        self._take_turn = take_turn
        self.ready: Line = FirstComeFirstServed() if ready is None else ready
        self.on_duty: asyncio.Task[None] | None = None
        self.on_stage: Runnable | None = None
        self.activity = 0
        self.carriers: set[asyncio.Task[None]] = set()
        self._loop = loop
        self._context = context
        self._thread = threading.get_ident()
        self._parked: dict[asyncio.Task[None], asyncio.Future[None]] = {}
        self._closed = False

    @property
    def empty(self) -> bool:
        """Whether no process is ready and none is being run."""
        return not self.ready and self.on_duty is None

    def enqueue(self, process: Runnable) -> None:
        """Put a process at the back and see to it that a carrier comes for it."""
        if self.on_duty is None:
            self.call_carrier()
        self.ready.append(process)

    async def close(self, patience: float = 1.0) -> None:
        """End every carrier.

        A carrier is held back only by a task of the user's that refuses to be
        cancelled; it is waited for `patience` seconds and then left behind.
        """
        self._closed = True
        interrupted: asyncio.CancelledError | None = None
        while self.carriers:
            for carrier in self.carriers:
                carrier.cancel()
            try:
                _, left = await asyncio.wait(self.carriers, timeout=patience)
            except asyncio.CancelledError as error:
                interrupted = error
                continue
            if left:
                break
        if interrupted is not None:
            raise interrupted

    def call_carrier(self) -> None:
        """Give the duty to a carrier, parked or new.

        Raises:
            NoRuntimeError: This is not the runtime's thread.
        """
        if threading.get_ident() != self._thread:
            raise NoRuntimeError(
                "A message was sent from another thread than the runtime's; "
                "use what Runtime.from_thread gives."
            )
        if self._closed:
            return
        if self._parked:
            self.on_duty, parked = self._parked.popitem()
            if not parked.done():
                parked.set_result(None)
            return
        # Not the loop's own way: its task factory may know no context, or run a part
        # of the task at once, when there is nothing to carry yet.
        carrier = asyncio.Task(
            self._carry(),
            loop=self._loop,
            name="exmc.actors carrier",
            context=self._context,
        )
        self.on_duty = carrier
        self.carriers.add(carrier)
        carrier.add_done_callback(self._ended)

    def _ended(self, carrier: asyncio.Task[None]) -> None:
        self.carriers.discard(carrier)
        self._parked.pop(carrier, None)
        if self.on_duty is carrier:
            self._pass_duty()
        if not carrier.cancelled():
            carrier.exception()

    async def _carry(self) -> None:
        me = asyncio.current_task()
        assert me is not None  # noqa: S101 (a coroutine of ours runs only as a task)
        called = True
        while called:
            await self._drain(me)
            called = await self._park(me)

    async def _park(self, me: asyncio.Task[None]) -> bool:
        """Wait to be called; return False if enough others do, or nobody will call."""
        if self._closed or len(self._parked) >= MOST_PARKED:
            return False
        parked = self._loop.create_future()
        self._parked[me] = parked
        try:
            await parked
        finally:
            self._parked.pop(me, None)
        return True

    async def _drain(self, me: asyncio.Task[None]) -> None:
        """Run ready processes until none is left or another carrier has the duty."""
        ready, left = self.ready, TICK
        next_process, budget = ready.popleft, ready.budget
        take_turn = self._take_turn
        self.activity += 1
        while ready:
            process = next_process()
            if process.state is READY:
                self.on_stage, context = process, process.context
                if context is None:
                    context = process.open_context()
                try:
                    left -= context.run(take_turn, process, budget)
                except BaseException as error:  # noqa: BLE001 (it is the process's end)
                    process.escaped(error)
            elif process.state is SUSPENDED:
                left = 0
            if left <= 0:
                left = TICK
                if not await self._turned(me, process):
                    return
        self.on_duty = self.on_stage = None

    async def _turned(self, me: asyncio.Task[None], process: Runnable) -> bool:
        """Let the loop turn, carrying on a handler that waits; False without duty."""
        if process.state is SUSPENDED:
            self._pass_duty()
            await process.resumed(me)
            forget_cancellation(me)
            kept = self._take_duty(me)
            process.rest()
        else:
            self.on_stage, kept = None, True
            await Turn()
        self.activity += 1
        return kept

    def _pass_duty(self) -> None:
        self.on_duty = self.on_stage = None
        if self.ready:
            self.call_carrier()

    def _take_duty(self, me: asyncio.Task[None]) -> bool:
        if self.on_duty is None and not self._closed:
            self.on_duty = me
        return self.on_duty is me


def forget_cancellation(task: asyncio.Task[None]) -> None:
    """Clear the requests that were meant for the handler a carrier has run."""
    while task.cancelling():
        task.uncancel()
