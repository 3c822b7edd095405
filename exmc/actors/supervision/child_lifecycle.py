"""Stopping one child, for certain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exmc.actors.exit_reason import KILL, KILLED, NOPROC, SHUTDOWN, is_orderly
from exmc.actors.messages import Exit
from exmc.actors.process.exit_watch import ExitWatch
from exmc.actors.process.here import here
from exmc.actors.process.signals import send_exit

if TYPE_CHECKING:
    from exmc.actors.exit_reason import Reason
    from exmc.actors.pid import Pid, Shutdown


async def stop_child(pid: Pid, shutdown: Shutdown) -> Reason:
    """Stop a child of the running process and return why it ended.

    The child is dead when this returns, whether it traps exits, has unlinked its
    parent, or ends by itself meanwhile.

    Args:
        pid: The child.
        shutdown: Seconds between "shutdown" and "kill", "brutal_kill" for "kill" at
            once, "infinity" to wait for as long as it takes.
    """
    watch = ExitWatch(pid)
    try:
        reason = await end_of(pid, watch, shutdown)
    finally:
        watch.close()
    heard = here().mailbox.take(lambda m: isinstance(m, Exit) and m.pid is pid)
    return heard.reason if isinstance(heard, Exit) else reason


async def end_of(pid: Pid, watch: ExitWatch, shutdown: Shutdown) -> Reason:
    """Ask a child to end, insist if need be, and return the reason it ends with."""
    if shutdown != "brutal_kill":
        send_exit(pid, SHUTDOWN)
        try:
            return await watch.reason(None if shutdown == "infinity" else shutdown)
        except TimeoutError:
            pass
    send_exit(pid, KILL)
    return await watch.reason(None)


def is_expected(reason: Reason, shutdown: Shutdown) -> bool:
    """Tell whether a child that was stopped ended the way it was asked to."""
    if shutdown == "brutal_kill":
        return reason in (KILLED, NOPROC)
    return is_orderly(reason) or reason == NOPROC
