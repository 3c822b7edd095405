"""The runtime's record of one living process, and the rules of its life and death.

A process at rest is this object and nothing else: no task, no frame, no mailbox.
Rule: every change of `state` happens in this file.
"""

from __future__ import annotations

import contextvars
from typing import TYPE_CHECKING, Any

from exmc.actors.events import EXIT
from exmc.actors.exit_reason import NOPROC, reason_of
from exmc.actors.kernel.conduct import DEPARTED, SILENT, refuse
from exmc.actors.kernel.context import bare, inherited, is_bare
from exmc.actors.kernel.exit_signal import Fatal, Ignored, Trapped, effect
from exmc.actors.kernel.mailbox import NO_MESSAGES, NOWHERE, Mailbox
from exmc.actors.kernel.state import DEAD, IDLE, READY, RUNNING, SUSPENDED, SUSPENSION
from exmc.actors.kernel.suspension import ENDED, NOT_BEGUN, Resumption, Suspension
from exmc.actors.kernel.tied import Tied
from exmc.actors.messages import Exit
from exmc.actors.telemetry import execute, listeners

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

    from exmc.actors.exit_reason import Reason
    from exmc.actors.kernel.conduct import Conduct, Manners, Work
    from exmc.actors.kernel.kernel import Kernel
    from exmc.actors.pid import Pid, Shutdown


current: contextvars.ContextVar[ControlBlock] = contextvars.ContextVar("current")
"""The process whose code is running; tasks that a process creates inherit it."""


class ControlBlock(Tied):
    """One process. The record is its own pid, and an empty shell after its death.

    Attributes:
        kernel: What it shares with the others.
        behaviour: The user's object.
        state: What it is doing.
        mailbox: Messages not yet received.
        append: The mailbox's own.
        post: The same, while that is all there is to do for a message; else None.
        conduct: How its messages are taken.
        handle_info: Takes a message without an envelope, while there is a mailbox.
        context: The context in which its code runs, with all that it has set there;
            None while that is nothing, and it does not run.
        suspension: Its handler, while that waits.
        reductions: Messages it has handled.
        ending: The exit reason, from the moment it is certain.
    """

    __slots__ = (
        "append",
        "behaviour",
        "conduct",
        "context",
        "ending",
        "handle_info",
        "kernel",
        "mailbox",
        "post",
        "reductions",
        "state",
        "suspension",
    )

    def __init__(
        self,
        kernel: Kernel,
        behaviour: Manners,
        ancestors: tuple[Pid, ...] = (),
    ) -> None:
        # Not by its bases' own: it is made in one step. First what may fail.
        self.conduct = behaviour.make_conduct()
        self.number = kernel.enter(self)
        self.target = self
        self.ancestors = ancestors
        self.ties = None
        self.kernel = kernel
        self.behaviour = behaviour
        self.state = IDLE
        self.mailbox: Mailbox[object] = NO_MESSAGES
        self.append = NOWHERE
        self.post: Callable[[object], None] | None = None
        self.handle_info: Callable[[Any], object] = refuse
        self.context = inherited(current, self)
        self.suspension: Suspension | None = None
        self.reductions = 0
        self.ending: Reason | None = None

    # Messages

    def deliver(self, message: object) -> None:
        """Put a message at the back of the mailbox, and see to it that it is read."""
        post = self.post
        if post is not None:
            post(message)
        elif self.state is IDLE:
            queue = self.kernel.run_queue
            if queue.on_duty is None:
                queue.call_carrier()
            if self.mailbox is NO_MESSAGES:
                self._open_mailbox()
            append = self.post = self.append
            append(message)
            self.state = READY
            queue.ready.append(self)
        elif self.state is DEAD:
            self.kernel.dead_letters += 1
        else:
            if self.mailbox is NO_MESSAGES:
                self._open_mailbox()
            self.mailbox.append(message)
            self.note_arrival()

    send = deliver

    def deliver_first(self, message: object) -> None:
        """Put a message before all others, from the process's own handler."""
        if self.mailbox is NO_MESSAGES:
            self._open_mailbox()
        self.mailbox.appendleft(message)

    def _open_mailbox(self) -> None:
        spare = self.kernel.spare_mailboxes
        self.mailbox = spare.pop() if spare else Mailbox()
        self.post = self.append = self.mailbox.append
        self.handle_info = self.conduct.plain(self)

    def adopt(self, conduct: Conduct) -> None:
        """Take messages in another way from now on."""
        self.conduct = conduct
        self.handle_info = conduct.plain(self)

    async def arrival(self) -> None:
        """Wait for the next message; for processes that read their own mailbox."""
        ties = self.tied()
        if ties.arrival is not None:
            message = f"{self.pid} already waits for a message; receive in one task."
            raise RuntimeError(message)
        ties.arrival = self.kernel.loop.create_future()
        self.post = None
        try:
            await ties.arrival
        finally:
            ties.arrival = None
            if self.mailbox is not NO_MESSAGES:
                self.post = self.append

    def note_arrival(self) -> None:
        """Let a process that waits for a message look again."""
        arrival = None if self.ties is None else self.ties.arrival
        if arrival is not None and not arrival.done():
            self.kernel.run_queue.activity += 1
            arrival.set_result(None)

    # Running

    @property
    def cancelled_from_outside(self) -> bool:
        """Whether the task it runs on is being cancelled, or it is being killed."""
        task = None if self.suspension is None else self.suspension.task
        return self.ending is not None or (task is not None and task.cancelling() > 0)

    def take_turn(self, budget: int) -> int:  # noqa: C901, PLR0915 (every message passes: no call that can be spared)
        """Handle up to `budget` messages and return what that counts in a tick.

        To be called in the process's own context, while it is READY.
        """
        self.state = RUNNING
        if self.ties is not None and self.ties.idle is not None:
            self.ties.stop_idling(self.mailbox[0])
        handle_info, mailbox, left = self.handle_info, self.mailbox, budget
        while mailbox and left:
            left -= 1
            message = mailbox.popleft()
            if type(message) in self.conduct.envelopes:
                work = self.conduct.open(self, message)
            else:
                try:
                    outcome = handle_info(message)
                except BaseException as error:  # noqa: BLE001 (it is this process's end)
                    work = self.conduct.crash(self, message, error)
                else:
                    if outcome is None:
                        if self.ending is None:
                            continue
                        break
                    work = self.conduct.settle(self, message, outcome)
            if work is not None and self._waits_for(work):
                break
            ties = self.ties
            if self.ending is not None or (ties is not None and ties.idle is not None):
                break
            # What was handled may have changed how it is done.
            handle_info = self.handle_info
        else:
            if not (mailbox or self.kernel.crowded):
                # The common case of what follows.
                self.state, self.post = IDLE, None
                self.reductions += budget - left
                return budget - left + 1
        self.reductions += budget - left
        self.rest()
        return SUSPENSION if self.state is SUSPENDED else budget - left + 1

    def _waits_for(self, work: Work) -> bool:
        """Begin what is left of a message; tell whether it is left still."""
        try:
            awaited = work.send(None)
        except StopIteration:
            return False
        if self.ending is None:
            self._suspend(work, awaited)
        elif not Suspension(work, awaited).end(None):
            self.kernel.abandoned.append(work)
        return True

    def _suspend(self, work: Work, awaited: object) -> None:
        self.suspension = Suspension(work, awaited)
        self.state = SUSPENDED
        self._die_if_ending()

    def take_first_turn(self, start: object) -> Reason | None:
        """Handle the start at once, as a part of the starter's turn.

        What is left to await of it is done by a carrier, whose task is then the
        current one from the first line on.

        Returns:
            The exit reason, if that is certain already.
        """
        queue = self.kernel.run_queue
        starter, queue.on_stage = queue.on_stage, self
        self.state = RUNNING
        context = self.open_context() if self.context is None else self.context
        try:
            work = context.run(self.conduct.open, self, start)
        except BaseException as error:  # noqa: BLE001 (it is this process's end)
            return self.escaped(error)
        finally:
            queue.on_stage = starter
        self.reductions, ending = 1, self.ending
        if work is None:
            self.rest()
            if self.state is IDLE:
                # Most of those that have begun wait for long.
                self._need_nothing()
            return ending
        if queue.on_duty is None:
            queue.call_carrier()
        self._suspend(work, NOT_BEGUN)
        queue.ready.append(self)
        return ending

    async def resumed(self, task: asyncio.Task[None]) -> None:
        """Take the running task for its own until the suspended handler ends."""
        suspension = self.suspension
        if suspension is not None:
            suspension.task = task
            await Resumption(self, suspension)

    def step(self, advance: Callable[[Any], Any], argument: object) -> object:
        """Advance the suspended coroutine and return what it awaits now, or ENDED."""
        queue = self.kernel.run_queue
        queue.on_stage = self
        queue.activity += 1
        self.state = RUNNING
        try:
            awaited = self.context.run(advance, argument)  # type: ignore[union-attr]  # it runs
        except StopIteration:
            self.suspension = None
            return ENDED
        except BaseException as error:  # noqa: BLE001 (it is this process's end)
            self.suspension = None
            self.escaped(error)
            return ENDED
        finally:
            queue.on_stage = None
        self.state = SUSPENDED
        self._die_if_ending()
        return ENDED if self.suspension is None else awaited

    def rest(self) -> None:
        """Stand in the run queue again if messages are left, or become idle."""
        if self.state is not RUNNING:
            return
        mailbox = self.mailbox
        if self.ending is not None:
            self.state = IDLE
            self.kernel.deaths.run(self._bury)
        elif mailbox:
            self.state = READY
            self.kernel.run_queue.enqueue(self)
            if listeners:
                kind = type(self.behaviour).__name__
                self.kernel.measure_mailbox(self, kind, len(mailbox))
        else:
            self.state, self.post = IDLE, None
            if self.kernel.crowded:
                self._need_nothing()

    def open_context(self) -> contextvars.Context:
        """Make a context in which nothing is set but who runs."""
        context = self.context = bare(current, self)
        return context

    def _need_nothing(self) -> None:
        """Give up whatever can be had again at the next turn."""
        if self.mailbox is not NO_MESSAGES:
            self.kernel.spare_mailboxes.append(self.mailbox)
            self.mailbox, self.append = NO_MESSAGES, NOWHERE
        self.handle_info = refuse
        if self.context is not None and is_bare(self.context):
            self.context = None

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

    @property
    def shutdown(self) -> Shutdown:
        """How its behaviour wants to be stopped."""
        return self.behaviour.shutdown

    # Death

    def die(self, reason: Reason) -> None:
        """End the process; the first reason is the one that counts.

        A process whose code is on the stack ends as soon as that code returns or
        waits, so that whatever it still sends is sent before its death is seen.
        """
        if self.ending is None and self.state is not DEAD:
            self.ending = reason
            if self.state is not RUNNING:
                self.kernel.deaths.run(self._bury)

    def escaped(self, error: BaseException) -> Reason:
        """End the process, whose code let an exception escape; return the reason."""
        self.state = IDLE
        ending = self.ending = reason_of(error) if self.ending is None else self.ending
        self._die_if_ending()
        if isinstance(error, KeyboardInterrupt | SystemExit):
            raise error
        return ending

    def _die_if_ending(self) -> None:
        if self.ending is not None:
            self.kernel.deaths.run(self._bury)

    def _bury(self) -> None:
        if self.state is DEAD or self.ending is None:
            return
        suspension, self.suspension = self.suspension, None
        context = self.kernel.resting if self.context is None else self.context
        if suspension is not None and not suspension.end(context):
            self.kernel.abandoned.append(suspension.coroutine)
        self.state = DEAD
        self._leave_the_living()
        if self.ties is not None:
            self.ties.cut(self.pid, self.ending)
            self.ties = None
        if listeners:
            known = {"pid": self.pid, "reason": self.ending}
            execute(EXIT, {"reductions": self.reductions}, known)
        # It may hold an exception, and that the frames of all that was going on.
        self.ending = None

    def _leave_the_living(self) -> None:
        kernel, self.target = self.kernel, None
        kernel.leave(self)
        if self.ties is not None:
            self.ties.let_go()
        mailbox, self.mailbox = self.mailbox, NO_MESSAGES
        self.post, self.append = None, NOWHERE
        if mailbox is not NO_MESSAGES:
            kernel.lose(mailbox, self.ending or NOPROC)
        # Whoever keeps the pid keeps nothing of the process.
        self.handle_info, self.behaviour = refuse, DEPARTED
        self.conduct, self.context = SILENT, kernel.resting
