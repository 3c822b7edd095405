"""What one process can do to another without its consent.

Every function acts for the process that is running. A dead target is no error:
each function says what happens then.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from exmc.actors.exit_reason import KILL, KILLED, NOPROC, ProcessExit
from exmc.actors.kernel.state import RUNNING
from exmc.actors.messages import Down, Exit
from exmc.actors.process.here import here, locate, target_of
from exmc.actors.ref import Ref

if TYPE_CHECKING:
    from exmc.actors.exit_reason import Reason
    from exmc.actors.kernel.control_block import ControlBlock
    from exmc.actors.pid import Pid
    from exmc.actors.process.here import Address


def send(address: Address, message: object) -> None:
    """Put a message into a process's mailbox; a dead process receives nothing.

    Messages of one sender arrive in the order sent. They travel by reference:
    freeze or copy what you send.
    """
    # One call a message, where the process has a mailbox to append to.
    try:
        process = address.target  # type: ignore[union-attr]  # a name has none
    except AttributeError:
        process = target_of(address)
    if process is None:
        return
    post = process.post
    if post is None:
        process.deliver(message)
    else:
        post(message)


def link(pid: Pid) -> None:
    """Tie the running process to another: each gets a signal when the other ends.

    Linking to a dead process gives the signal "noproc".
    """
    me = here()
    if pid is me.pid:
        return
    if pid.target is None:
        me.exit(pid, NOPROC, linked=True)
        return
    me.add_link(pid)
    pid.target.add_link(me.pid)


def unlink(pid: Pid, *, flush: bool = False) -> None:
    """Undo a link; it has no effect from here on.

    Args:
        pid: The other end.
        flush: Remove its Exit message too, if it is in the mailbox already.
    """
    me = here()
    me.drop_link(pid)
    if pid.target is not None:
        pid.target.drop_link(me.pid)
    if flush:
        me.mailbox.discard(lambda m: isinstance(m, Exit) and m.pid is pid)


def send_exit(pid: Pid, reason: Reason) -> None:
    """Send an exit signal.

    "kill" ends the target whatever it does; "normal" is ignored unless the target
    traps exits; any other reason ends it, or becomes an Exit message if it traps.
    Sent to oneself, it takes effect at once and does not return unless trapped.
    """
    me = here()
    at_once = reason == KILL or not me.behaviour.trap_exit
    if pid is me.pid and me.state is RUNNING and at_once:
        if reason == KILL:
            # Whatever catches what is raised now, this is the end.
            me.die(KILLED)
        raise ProcessExit(KILLED if reason == KILL else reason)
    if pid.target is not None:
        pid.target.exit(me.pid, reason, linked=False)


class Monitor:
    """Sends one Down to the process that asked for it."""

    __slots__ = ("_owner", "pid", "ref")

    def __init__(self, ref: Ref, owner: ControlBlock, pid: Pid) -> None:
        self.ref = ref
        self.pid = pid
        self._owner = owner

    def down(self, reason: Reason) -> None:
        """Send the Down."""
        self._owner.unhold(self.ref)
        self._owner.deliver(Down(self.ref, self.pid, reason))


def monitor(address: Address) -> Ref:
    """Ask for one Down message when a process ends.

    It comes at once if the process is dead, with the reason "noproc": why it ended is
    known to those only who asked before. A process started for some work is therefore
    watched first and then sent its work; or it is linked from the start by start_link.
    """
    me, ref, pid = here(), Ref(), locate(address)
    if pid is None or pid.target is None:
        me.deliver(Down(ref, pid, NOPROC))
        return ref
    watcher = Monitor(ref, me, pid)
    pid.target.add_watcher(watcher)
    me.hold(ref, partial(forget, pid, watcher))
    return ref


def forget(pid: Pid, watcher: Monitor) -> None:
    """Take a monitor off its target."""
    if pid.target is not None:
        pid.target.drop_watcher(watcher)


def demonitor(ref: Ref, *, flush: bool = False) -> None:
    """Take a monitor back.

    Args:
        ref: What `monitor` returned.
        flush: Remove its Down too, if it is in the mailbox already.
    """
    me = here()
    let_go = me.unhold(ref)
    if let_go is not None:
        let_go()
    if flush:
        me.mailbox.discard(lambda m: isinstance(m, Down) and m.ref is ref)
