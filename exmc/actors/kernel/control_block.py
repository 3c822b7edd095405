"""The runtime's record of one living process, and the rules of its life and death.

A process at rest is this object and nothing else: no task, no frame. Rule: every
change of `state` happens in this file.
"""

from __future__ import annotations

import asyncio
import contextvars
from enum import Enum, auto
from typing import TYPE_CHECKING, Any, ClassVar, Final, Protocol, TypeAlias

from exmc.actors.exit_reason import reason_of
from exmc.actors.kernel.exit_signal import Fatal, Ignored, Trapped, effect
from exmc.actors.kernel.mailbox import Mailbox
from exmc.actors.kernel.suspension import ENDED, Resumption, unwind
from exmc.actors.messages import Exit

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from exmc.actors.exit_reason import Reason
    from exmc.actors.kernel.kernel import Kernel
    from exmc.actors.pid import Pid, Shutdown, Watcher
    from exmc.actors.ref import Ref

Handler: TypeAlias = "Callable[[Any], Coroutine[Any, Any, None] | None]"
"""Handles one message; what is left to await comes back as a coroutine."""


class State(Enum):
    """What a process is doing.

    IDLE: nothing, its mailbox is empty. READY: it stands in the run queue. RUNNING:
    its code is on the stack. SUSPENDED: its handler waits. DEAD: it has ended.
    """

    IDLE = auto()
    READY = auto()
    RUNNING = auto()
    SUSPENDED = auto()
    DEAD = auto()


IDLE, READY, RUNNING = State.IDLE, State.READY, State.RUNNING
SUSPENDED, DEAD = State.SUSPENDED, State.DEAD


NO_MESSAGES: Final[Mailbox[object]] = Mailbox(maxlen=0)
"""The mailbox of all who were never sent anything, or are dead; it keeps nothing."""

NONE_YET: Final[dict[Any, Any]] = {}
"""The links of every process that has none, and so on; never written to."""


class Manners(Protocol):
    """What the record reads of a behaviour."""

    trap_exit: bool
    shutdown: ClassVar[Shutdown]

    def for_reports(self, state: dict[str, object]) -> dict[str, object]:
        """Choose what of the state a crash report shows."""
        ...


current: contextvars.ContextVar[ControlBlock] = contextvars.ContextVar("current")
"""The process whose code is running; tasks that a process creates inherit it."""


class ControlBlock:
    """One process.

    Attributes:
        pid: Its identity.
        kernel: What it shares with the others.
        behaviour: The user's object.
        handle: Handles one message.
        parent: Who started it with a link, or None.
        name: Its registered name, or None.
        mailbox: Messages not yet received.
        coroutine: The suspended handler, or None.
        links: Those who get a signal when it ends, in order of linking.
        watchers: Those who are told when it ends, in order of asking.
        holdings: What it must let go when it ends: its monitors on others.
        ending: The exit reason, from the moment it is certain.
    """

    __slots__ = (
        "_arrival",
        "_awaited",
        "_context",
        "_state",
        "_task",
        "behaviour",
        "coroutine",
        "ending",
        "handle",
        "holdings",
        "kernel",
        "links",
        "mailbox",
        "name",
        "parent",
        "pid",
        "watchers",
    )

    def __init__(self, kernel: Kernel, behaviour: Manners) -> None:
        self.pid = kernel.new_pid()
        self.pid.target = self
        self.kernel = kernel
        self.behaviour = behaviour
        self.handle: Handler = unreachable
        self.parent: Pid | None = None
        self.name: str | None = None
        self.mailbox: Mailbox[object] = NO_MESSAGES
        self.coroutine: Coroutine[Any, Any, None] | None = None
        self.links: dict[Pid, None] = NONE_YET
        self.watchers: dict[Watcher, None] = NONE_YET
        self.holdings: dict[Ref, Callable[[], None]] = NONE_YET
        self.ending: Reason | None = None
        self._state = IDLE
        self._arrival: asyncio.Future[None] | None = None
        self._awaited: object = None
        self._task: asyncio.Task[None] | None = None
        self._context = contextvars.copy_context()
        self._context.run(current.set, self)

    @property
    def shutdown(self) -> Shutdown:
        """How its behaviour wants to be stopped."""
        return self.behaviour.shutdown

    # Messages

    def deliver(self, message: object) -> None:
        """Put a message at the back of the mailbox, and see to it that it is read."""
        if self._state is IDLE:
            self.kernel.run_queue.enqueue(self)
            self._state = READY
            if self.mailbox is NO_MESSAGES:
                self.mailbox = Mailbox()
        self.mailbox.append(message)
        if self._arrival is not None:
            self.note_arrival()

    def deliver_first(self, message: object) -> None:
        """Put a message before all others, from the process's own handler."""
        self.mailbox.appendleft(message)

    async def arrival(self) -> None:
        """Wait for the next message; for processes that read their own mailbox."""
        if self._arrival is not None:
            message = f"{self.pid} already waits for a message; receive in one task."
            raise RuntimeError(message)
        self._arrival = self.kernel.loop.create_future()
        try:
            await self._arrival
        finally:
            self._arrival = None

    def note_arrival(self) -> None:
        """Let a process that waits for a message look again."""
        if self._arrival is not None and not self._arrival.done():
            self.kernel.activity += 1
            self._arrival.set_result(None)

    # Running

    @property
    def suspended(self) -> bool:
        """Whether the last message's handler waits for something."""
        return self._state is SUSPENDED

    @property
    def running(self) -> bool:
        """Whether its code is on the stack."""
        return self._state is RUNNING

    @property
    def cancelled_from_outside(self) -> bool:
        """Whether the task it runs on is being cancelled, or it is being killed."""
        task = self._task
        return self.ending is not None or (task is not None and task.cancelling() > 0)

    def activate(self, budget: int) -> int:
        """Handle up to `budget` messages and return how many it were."""
        if self._state is DEAD:
            return 0
        self._state = RUNNING
        self.kernel.activity += 1
        try:
            left = self._context.run(self._handle_messages, budget)
        except BaseException as error:  # noqa: BLE001 (it is this process's end)
            self._escaped(error)
            return budget
        if self.coroutine is not None:
            self._state = SUSPENDED
            self._die_if_ending()
        elif self.mailbox or self.ending is not None:
            self.rest()
        else:
            self._state = IDLE
        return budget - left

    def _handle_messages(self, budget: int) -> int:
        mailbox, handle = self.mailbox, self.handle
        while mailbox and budget and self.ending is None:
            budget -= 1
            coroutine = handle(mailbox.popleft())
            if coroutine is None:
                continue
            try:
                self._awaited = coroutine.send(None)
            except StopIteration:
                continue
            self.coroutine = coroutine
            break
        return budget

    async def resumed(self, task: asyncio.Task[None]) -> None:
        """Take the running task for its own until the suspended handler ends."""
        self._task = task
        try:
            await Resumption(self, self._awaited)
        finally:
            self._task = None
            self._awaited = None

    def step(self, advance: Callable[[Any], Any], argument: object) -> object:
        """Advance the suspended coroutine and return what it awaits now, or ENDED."""
        self._state = RUNNING
        self.kernel.activity += 1
        try:
            awaited = self._context.run(advance, argument)
        except StopIteration:
            self.coroutine = None
            return ENDED
        except BaseException as error:  # noqa: BLE001 (it is this process's end)
            self.coroutine = None
            self._escaped(error)
            return ENDED
        self._state = SUSPENDED
        self._die_if_ending()
        return ENDED if self.coroutine is None else awaited

    def rest(self) -> None:
        """Stand in the run queue again if messages are left, or become idle."""
        if self._state is not RUNNING:
            return
        self._state = IDLE
        self._die_if_ending()
        if self._state is IDLE and self.mailbox:
            self._state = READY
            self.kernel.run_queue.enqueue(self)

    # Signals

    def exit(self, sender: Pid, reason: Reason, *, linked: bool) -> None:
        """Receive an exit signal, sent by hand or along a link."""
        judged = effect(
            reason,
            linked=linked,
            trapping=self.behaviour.trap_exit,
            from_itself=sender is self.pid,
        )
        match judged:
            case Ignored():
                pass
            case Trapped():
                self.deliver(Exit(sender, reason))
            case Fatal(reason=fatal):
                self.die(fatal)

    def add_link(self, pid: Pid) -> None:
        """Note one end of a link."""
        if self.links is NONE_YET:
            self.links = {}
        self.links[pid] = None

    def drop_link(self, pid: Pid) -> None:
        """Forget one end of a link."""
        self.links.pop(pid, None)

    def disown(self) -> None:
        """Cut the link to the parent, so that it gets no signal from this process."""
        if self.parent is not None:
            self.drop_link(self.parent)
            if self.parent.target is not None:
                self.parent.target.drop_link(self.pid)

    def add_watcher(self, watcher: Watcher) -> None:
        """Promise to tell `watcher` when the process ends."""
        if self.watchers is NONE_YET:
            self.watchers = {}
        self.watchers[watcher] = None

    def drop_watcher(self, watcher: Watcher) -> None:
        """Take the promise back."""
        self.watchers.pop(watcher, None)

    def hold(self, ref: Ref, let_go: Callable[[], None]) -> None:
        """Note what must be let go when the process ends."""
        if self.holdings is NONE_YET:
            self.holdings = {}
        self.holdings[ref] = let_go

    def unhold(self, ref: Ref) -> Callable[[], None] | None:
        """Forget it, and return how it is let go."""
        return self.holdings.pop(ref, None)

    # Death

    def die(self, reason: Reason) -> None:
        """End the process; the first reason is the one that counts.

        A process whose code is on the stack ends as soon as that code returns or
        waits, so that whatever it still sends is sent before its death is seen.
        """
        if self.ending is None and self._state is not DEAD:
            self.ending = reason
            if self._state is not RUNNING:
                self.kernel.deaths.run(self._bury)

    def _escaped(self, error: BaseException) -> None:
        self._state = IDLE
        if self.ending is None:
            self.ending = reason_of(error)
        self._die_if_ending()
        if isinstance(error, KeyboardInterrupt | SystemExit):
            raise error

    def _die_if_ending(self) -> None:
        if self.ending is not None:
            self.kernel.deaths.run(self._bury)

    def _bury(self) -> None:
        if self._state is DEAD or self.ending is None:
            return
        self._unwind()
        self._state = DEAD
        self._leave_the_living()
        self._tell_the_living(self.ending)

    def _unwind(self) -> None:
        coroutine, self.coroutine = self.coroutine, None
        if coroutine is not None and not unwind(coroutine, self._context):
            self.kernel.abandoned.append(coroutine)
        if self._task is not None and self._task is not asyncio.current_task():
            self._task.cancel()

    def _leave_the_living(self) -> None:
        kernel = self.kernel
        self.pid.target = None
        kernel.table.discard(self.pid)
        if self.name is not None:
            kernel.names.release(self.name, self.pid)
        kernel.dead_letters += len(self.mailbox)
        self.mailbox = NO_MESSAGES
        self.handle = unreachable
        self._context = kernel.resting
        holdings, self.holdings = self.holdings, NONE_YET
        for let_go in holdings.values():
            let_go()

    def _tell_the_living(self, reason: Reason) -> None:
        watchers, self.watchers = self.watchers, NONE_YET
        for watcher in watchers:
            watcher.down(reason)
        links, self.links = self.links, NONE_YET
        for pid in links:
            if pid.target is not None:
                pid.target.drop_link(self.pid)
                pid.target.exit(self.pid, reason, linked=True)


def unreachable(message: object) -> None:
    """Stand in for the handler of a process that handles no messages."""
    raise AssertionError(f"No handler for {message!r}.")
