"""The telemetry events of the runtime, with what they measure and what they carry.

SPAWN            a process was made                     pid, kind, name
EXIT             a process ended; `reductions`          pid, reason
CRASH            it ended for a bad reason of its own   pid, report (CrashReport)
RESTART          a supervisor starts a child again      supervisor, child, reason
GIVE_UP          too many restarts; it ends             supervisor, child, reason
MAILBOX_HIGH     a mailbox has passed a mark; `length`  pid, kind, name
LOOP_STALL       code held the loop; `duration`         pid, kind, name, where
WORKER_START     an operating-system process runs       pid, os_pid
WORKER_DOWN      it has ended                           pid, os_pid, reason
WORKER_HUNG      it does not answer; `duration`         pid, os_pid
CALL             a call, as a span: + "start", "stop"   pid, caller, request
                 or "exception"; `duration`

`kind` is the name of the behaviour's class, and a duration is in seconds. Most of the
runtime asks `telemetry.listeners` before it makes an event.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from exmc.actors.telemetry import Event

SPAWN: Final[Event] = ("exmc", "process", "spawn")
EXIT: Final[Event] = ("exmc", "process", "exit")
CRASH: Final[Event] = ("exmc", "process", "crash")
RESTART: Final[Event] = ("exmc", "sup", "restart")
GIVE_UP: Final[Event] = ("exmc", "sup", "give_up")
MAILBOX_HIGH: Final[Event] = ("exmc", "mailbox", "high")
LOOP_STALL: Final[Event] = ("exmc", "loop", "stall")
WORKER_START: Final[Event] = ("exmc", "worker", "start")
WORKER_DOWN: Final[Event] = ("exmc", "worker", "down")
WORKER_HUNG: Final[Event] = ("exmc", "worker", "hung")
CALL: Final[Event] = ("exmc", "call")
