"""The scope in which processes live: none outlives it."""

from __future__ import annotations

import asyncio
import contextlib
import time
from contextvars import Token
from typing import TYPE_CHECKING, Final, Self, TypeVar, overload

from exmc.actors.clock import Clock, LoopClock, VirtualClock
from exmc.actors.errors import NoRuntimeError
from exmc.actors.kernel.carrier import FirstComeFirstServed
from exmc.actors.kernel.control_block import ControlBlock, current
from exmc.actors.kernel.kernel import Kernel
from exmc.actors.observation.busy import measure
from exmc.actors.observation.observer import observe
from exmc.actors.observation.watchdog import Watchdog
from exmc.actors.process.receiving import receive
from exmc.actors.process.starting import Launch, launch, unless_ignored
from exmc.actors.runtime.invariant_watch import InvariantWatch, WatchedLine
from exmc.actors.runtime.leaving import stop_everything
from exmc.actors.runtime.root import Root
from exmc.actors.runtime.threads import ThreadHandle
from exmc.actors.runtime.visits import Visits

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from types import TracebackType

    from exmc.actors.kernel.carrier import Line
    from exmc.actors.kernel.reports import Reports
    from exmc.actors.observation.process_info import ProcessInfo
    from exmc.actors.pid import Pid
    from exmc.actors.process.behaviour import Behaviour
    from exmc.actors.process.here import Name
    from exmc.actors.supervision.child_spec import ChildSpec

M = TypeVar("M")


NOT_RUNNING: Final = "The runtime does not run; use it inside `async with Runtime()`."


class Runtime:
    """Runs processes while its `async with` block lasts.

    The block itself is a process, the root: it may send, call, monitor, start and
    receive. No exit signal ends it. On leaving, what it started is stopped in
    reverse order, each with its own shutdown, then everything else; no process and
    no task of the runtime is left, even when the leaving itself is cancelled.

    Args:
        clock: What all timeouts, delays and timers are measured on; by default the
            event loop's. Tests pass a VirtualClock.
        scheduling: An empty line for processes that are ready; by default first come,
            first served. Tests pass a RandomOrder.
        debug: Check the invariants of the runtime before every turn, which costs a
            look at every process; what was broken is raised on leaving.
        watchdog: Run a thread that names the handler which blocks the loop, if one
            does for more than 0.1 s.
        timing: Measure how long the code of each process runs, for `observe`; it costs
            two looks at a clock for each turn of a process.
    """

    def __init__(
        self,
        clock: Clock | None = None,
        *,
        scheduling: Line | None = None,
        debug: bool = False,
        watchdog: bool = False,
        timing: bool = False,
    ) -> None:
        self._given_clock = clock
        self._scheduling = FirstComeFirstServed() if scheduling is None else scheduling
        self._debug = debug
        self._watchdog = watchdog
        self._timing = timing
        self._entered = False
        self._root: Root | None = None
        self._reports: Reports | None = None
        self._visits: Visits | None = None
        self._leaving = contextlib.AsyncExitStack()

    async def __aenter__(self) -> Self:
        if self._entered:
            raise NoRuntimeError("A Runtime is entered once; make another one.")
        loop = asyncio.get_running_loop()
        clock = LoopClock(loop) if self._given_clock is None else self._given_clock
        kernel = self._new_kernel(loop, clock)
        if isinstance(clock, VirtualClock):
            clock.activity = lambda: kernel.activity
        self._entered = True
        self._visits, self._root = Visits(loop), Root(kernel)
        self._reports = kernel.reports
        self._leaving.callback(self._left, current.set(self._root))
        self._leaving.push_async_callback(kernel.run_queue.close)
        self._leaving.push_async_callback(self._visits.close)
        self._leaving.push_async_callback(stop_everything, self._root)
        return self

    def _new_kernel(self, loop: asyncio.AbstractEventLoop, clock: Clock) -> Kernel:
        line = WatchedLine(self._scheduling) if self._debug else self._scheduling
        kernel = Kernel(loop, clock, ControlBlock.take_turn, line)
        if isinstance(line, WatchedLine):
            watch = InvariantWatch(kernel)
            line.between = watch.look
            self._leaving.callback(watch.check)
        if self._timing:
            measure(kernel, time.perf_counter)
        if self._watchdog:
            dog = Watchdog(kernel)
            dog.start()
            self._leaving.callback(dog.close)
        return kernel

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._leaving.aclose()

    def _left(self, token: Token[ControlBlock]) -> None:
        self._root = None
        restore(token)

    # What the root can do that other processes do otherwise

    @property
    def root(self) -> Root:
        """The process that the block is.

        Raises:
            NoRuntimeError: The runtime is not entered, or left already.
        """
        if self._root is None:
            raise NoRuntimeError(NOT_RUNNING)
        return self._root

    async def start(
        self,
        behaviour: type[Behaviour] | Behaviour,
        *args: object,
        name: Name | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 (OTP's name, our clock)
        **kwargs: object,
    ) -> Pid:
        """Start a process that the runtime stops on leaving.

        Args:
            behaviour: A class, or an object to copy.
            *args: For its init.
            name: A name to register it under.
            timeout: Seconds its init may take.
            **kwargs: For its init.

        Raises:
            StartError: It did not start.
        """
        return await self._launch(Launch(behaviour, args, kwargs, name, timeout))

    async def start_child(self, spec: ChildSpec) -> Pid:
        """Start what a child spec says, once: the runtime does not restart it.

        Raises:
            StartError: It did not start.
        """
        pid = await self._launch(spec.launch)
        self.root.stopping[pid] = spec.stopping
        return pid

    async def _launch(self, wanted: Launch) -> Pid:
        with self.entered():
            return unless_ignored(await launch(wanted), wanted.behaviour)

    @overload
    async def receive(
        self, kind: type[M], where: Callable[[M], bool] | None = None
    ) -> M: ...

    @overload
    async def receive(
        self,
        kind: type[M],
        where: Callable[[M], bool] | None = None,
        *,
        timeout: float | None,  # noqa: ASYNC109 (see below)
    ) -> M | None: ...

    async def receive(
        self,
        kind: type[M],
        where: Callable[[M], bool] | None = None,
        *,
        timeout: float | None = None,  # noqa: ASYNC109 (OTP's name, our clock)
    ) -> M | None:
        """Take a message from the root's mailbox; see Process.receive."""
        return await receive(self.root, kind, where, timeout)

    @property
    def trap_exit(self) -> bool:
        """Whether the root receives exit signals as Exit messages or drops them."""
        return self.root.behaviour.trap_exit

    @trap_exit.setter
    def trap_exit(self, trapping: bool) -> None:
        self.root.behaviour.trap_exit = trapping

    @contextlib.contextmanager
    def entered(self) -> Generator[Pid, None, None]:
        """Be the root in a task that was not made inside the block."""
        root = self.root
        token = current.set(root)
        try:
            yield root.pid
        finally:
            restore(token)

    # What can be seen

    @property
    def kernel(self) -> Kernel:
        """What the processes share."""
        return self.root.kernel

    @property
    def clock(self) -> Clock:
        """The runtime's clock."""
        return self.root.kernel.clock

    @property
    def reports(self) -> Reports:
        """The latest crashes and what supervisors saw, oldest first.

        They can be read after the block was left, too.

        Raises:
            NoRuntimeError: The runtime is not entered yet.
        """
        if self._reports is None:
            raise NoRuntimeError(NOT_RUNNING)
        return self._reports

    def observe(self) -> tuple[ProcessInfo, ...]:
        """Look at every living process, the root among them, the oldest first.

        O(processes, links and monitors). `table` makes text of it, `tree` of the
        whole. On the loop's thread only.
        """
        return observe(self.kernel)

    @property
    def processes(self) -> tuple[Pid, ...]:
        """Every living process but the root, oldest first."""
        others = self.root.kernel.table - {self.root.pid}
        return tuple(sorted(others, key=lambda pid: pid.number))

    # From other threads

    def from_thread(self) -> ThreadHandle:
        """Return what other threads may use of this runtime while it runs.

        Raises:
            NoRuntimeError: The runtime is not entered yet.
        """
        if self._visits is None:
            raise NoRuntimeError(NOT_RUNNING)
        return ThreadHandle(self._visits, self.entered)


def restore(token: Token[ControlBlock]) -> None:
    """Be who one was before, or nobody: a context that names the dead keeps them.

    In another context than the token's nobody can be made of whoever it names.
    """
    try:
        current.reset(token)
    except ValueError:  # this is another context
        if token.old_value is not Token.MISSING:
            current.set(token.old_value)
