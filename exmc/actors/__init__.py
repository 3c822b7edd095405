"""Processes with mailboxes, links, monitors and supervisors, on asyncio.

The semantics are those of Erlang/OTP and Elixir, and so are the names.
"""

from exmc.actors.backoff import Backoff
from exmc.actors.child_spec import ChildSpec
from exmc.actors.clock import Clock, LoopClock, VirtualClock
from exmc.actors.dynamic_supervisor import DynamicSupervisor
from exmc.actors.envelope import Call
from exmc.actors.errors import (
    ActorError,
    BadChildSpecError,
    BadOutcomeError,
    CallError,
    CallingSelfError,
    CallTimeoutError,
    ChildError,
    NameTakenError,
    NoProcessError,
    NoRuntimeError,
    StartError,
)
from exmc.actors.event_loop import new_event_loop, run
from exmc.actors.exit_reason import Reason, error_in, is_orderly
from exmc.actors.exit_watch import wait_for_exit
from exmc.actors.gen_server import GenServer, Request, call, cast, stop
from exmc.actors.here import Address, register, self_pid, unregister, whereis
from exmc.actors.messages import Down, Exit, Timeout
from exmc.actors.outcome import (
    CallOutcome,
    InitOutcome,
    NoReply,
    Outcome,
    Reply,
    Stop,
    continue_with,
    ignore,
    noreply,
    reply,
    stop_with,
)
from exmc.actors.pid import Pid
from exmc.actors.process import Process
from exmc.actors.ref import Ref
from exmc.actors.reports import CrashReport, SupervisorReport
from exmc.actors.runtime import Runtime
from exmc.actors.signals import (
    demonitor,
    link,
    monitor,
    send,
    send_exit,
    unlink,
)
from exmc.actors.starting import start, start_link
from exmc.actors.supervision import (
    count_children,
    delete_child,
    mark_progress,
    restart_child,
    start_child,
    terminate_child,
    which_children,
)
from exmc.actors.supervision_requests import ChildCount, ChildInfo
from exmc.actors.supervisor import Supervisor
from exmc.actors.timers import TimerRef, cancel_timer, send_after

__all__ = [
    "ActorError",
    "Address",
    "Backoff",
    "BadChildSpecError",
    "BadOutcomeError",
    "Call",
    "CallError",
    "CallOutcome",
    "CallTimeoutError",
    "CallingSelfError",
    "ChildCount",
    "ChildError",
    "ChildInfo",
    "ChildSpec",
    "Clock",
    "CrashReport",
    "Down",
    "DynamicSupervisor",
    "Exit",
    "GenServer",
    "InitOutcome",
    "LoopClock",
    "NameTakenError",
    "NoProcessError",
    "NoReply",
    "NoRuntimeError",
    "Outcome",
    "Pid",
    "Process",
    "Reason",
    "Ref",
    "Reply",
    "Request",
    "Runtime",
    "StartError",
    "Stop",
    "Supervisor",
    "SupervisorReport",
    "Timeout",
    "TimerRef",
    "VirtualClock",
    "call",
    "cancel_timer",
    "cast",
    "continue_with",
    "count_children",
    "delete_child",
    "demonitor",
    "error_in",
    "ignore",
    "is_orderly",
    "link",
    "mark_progress",
    "monitor",
    "new_event_loop",
    "noreply",
    "register",
    "reply",
    "restart_child",
    "run",
    "self_pid",
    "send",
    "send_after",
    "send_exit",
    "start",
    "start_child",
    "start_link",
    "stop",
    "stop_with",
    "terminate_child",
    "unlink",
    "unregister",
    "wait_for_exit",
    "whereis",
    "which_children",
]
