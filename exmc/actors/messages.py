"""The messages that the runtime itself puts into a mailbox."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from exmc.actors.exit_reason import Reason
    from exmc.actors.pid import Pid
    from exmc.actors.ref import Ref


@dataclass(frozen=True, slots=True)
class Exit:
    """An exit signal, as a process that traps exits receives it.

    Attributes:
        pid: Who sent it: the linked process that ended, or the caller of send_exit.
        reason: Why.
    """

    pid: Pid
    reason: Reason


@dataclass(frozen=True, slots=True)
class Down:
    """A monitored process has ended; sent exactly once for each monitor.

    Attributes:
        ref: What `monitor` returned.
        pid: The process that ended; None if the name given was nobody's.
        reason: Why; "noproc" if it was not alive when the monitor was set.
    """

    ref: Ref
    pid: Pid | None
    reason: Reason


@dataclass(frozen=True, slots=True)
class Timeout:
    """No message came within the seconds that the last outcome allowed."""
