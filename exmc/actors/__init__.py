"""Processes with mailboxes, links, monitors and supervisors, on asyncio.

The semantics are those of Erlang/OTP and Elixir, and so are the names.
"""

from exmc.actors import telemetry
from exmc.actors.clock import Clock, LoopClock, VirtualClock
from exmc.actors.errors import (
    ActorError,
    AlreadyRegisteredError,
    BadAddressError,
    BadChildSpecError,
    BadOutcomeError,
    CallError,
    CallingSelfError,
    CallTimeoutError,
    ChildError,
    NameTakenError,
    NoProcessError,
    NoRuntimeError,
    PortOpenError,
    RegistryError,
    StartError,
)
from exmc.actors.event_loop import new_event_loop, run
from exmc.actors.exit_reason import Reason, error_in, is_orderly
from exmc.actors.kernel.reports import CrashReport, SupervisorReport
from exmc.actors.messages import Down, Exit, Timeout
from exmc.actors.pid import Pid
from exmc.actors.port.opening import (
    activate_port,
    close_port,
    open_port,
    port_command,
    port_info,
)
from exmc.actors.port.port import Port
from exmc.actors.port.port_messages import PortData, PortExit
from exmc.actors.port.port_requests import PortInfo
from exmc.actors.port.port_spec import PortSpec
from exmc.actors.process.envelope import Call, Cast
from exmc.actors.process.exit_watch import wait_for_exit
from exmc.actors.process.here import (
    Address,
    Name,
    register,
    self_pid,
    unregister,
    whereis,
)
from exmc.actors.process.process import Process
from exmc.actors.process.signals import (
    demonitor,
    link,
    monitor,
    send,
    send_exit,
    unlink,
)
from exmc.actors.process.starting import start, start_link
from exmc.actors.process.timers import TimerRef, cancel_timer, send_after
from exmc.actors.process.via import ViaName
from exmc.actors.ref import Ref
from exmc.actors.registry.entries import Entry, Registered
from exmc.actors.registry.pubsub import PubSub
from exmc.actors.registry.registry import Registry
from exmc.actors.registry.via import Via
from exmc.actors.runtime.background import BackgroundRuntime
from exmc.actors.runtime.runtime import Runtime
from exmc.actors.runtime.threads import ThreadHandle
from exmc.actors.server.gen_server import GenServer, Request, call, cast, stop
from exmc.actors.server.outcome import (
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
from exmc.actors.server.state_event import (
    EventTimeout,
    Info,
    Internal,
    NamedTimeout,
    StateEvent,
    StateTimeout,
)
from exmc.actors.server.state_machine import StateMachine
from exmc.actors.server.state_outcome import (
    EnterOutcome,
    StateInitOutcome,
    StateOutcome,
    event_timeout,
    keep_state,
    named_timeout,
    next_event,
    next_state,
    postpone,
    repeat_state,
    reply_to,
    state_timeout,
)
from exmc.actors.supervision.asking import (
    count_children,
    delete_child,
    mark_progress,
    restart_child,
    start_child,
    terminate_child,
    which_children,
)
from exmc.actors.supervision.backoff import Backoff
from exmc.actors.supervision.child_spec import ChildSpec
from exmc.actors.supervision.dynamic_supervisor import DynamicSupervisor
from exmc.actors.supervision.partition_supervisor import (
    Partition,
    PartitionSupervisor,
)
from exmc.actors.supervision.requests import ChildCount, ChildInfo
from exmc.actors.supervision.supervisor import Supervisor

__all__ = [
    "ActorError",
    "Address",
    "AlreadyRegisteredError",
    "BackgroundRuntime",
    "Backoff",
    "BadAddressError",
    "BadChildSpecError",
    "BadOutcomeError",
    "Call",
    "CallError",
    "CallOutcome",
    "CallTimeoutError",
    "CallingSelfError",
    "Cast",
    "ChildCount",
    "ChildError",
    "ChildInfo",
    "ChildSpec",
    "Clock",
    "CrashReport",
    "Down",
    "DynamicSupervisor",
    "EnterOutcome",
    "Entry",
    "EventTimeout",
    "Exit",
    "GenServer",
    "Info",
    "InitOutcome",
    "Internal",
    "LoopClock",
    "Name",
    "NameTakenError",
    "NamedTimeout",
    "NoProcessError",
    "NoReply",
    "NoRuntimeError",
    "Outcome",
    "Partition",
    "PartitionSupervisor",
    "Pid",
    "Port",
    "PortData",
    "PortExit",
    "PortInfo",
    "PortOpenError",
    "PortSpec",
    "Process",
    "PubSub",
    "Reason",
    "Ref",
    "Registered",
    "Registry",
    "RegistryError",
    "Reply",
    "Request",
    "Runtime",
    "StartError",
    "StateEvent",
    "StateInitOutcome",
    "StateMachine",
    "StateOutcome",
    "StateTimeout",
    "Stop",
    "Supervisor",
    "SupervisorReport",
    "ThreadHandle",
    "Timeout",
    "TimerRef",
    "Via",
    "ViaName",
    "VirtualClock",
    "activate_port",
    "call",
    "cancel_timer",
    "cast",
    "close_port",
    "continue_with",
    "count_children",
    "delete_child",
    "demonitor",
    "error_in",
    "event_timeout",
    "ignore",
    "is_orderly",
    "keep_state",
    "link",
    "mark_progress",
    "monitor",
    "named_timeout",
    "new_event_loop",
    "next_event",
    "next_state",
    "noreply",
    "open_port",
    "port_command",
    "port_info",
    "postpone",
    "register",
    "repeat_state",
    "reply",
    "reply_to",
    "restart_child",
    "run",
    "self_pid",
    "send",
    "send_after",
    "send_exit",
    "start",
    "start_child",
    "start_link",
    "state_timeout",
    "stop",
    "stop_with",
    "telemetry",
    "terminate_child",
    "unlink",
    "unregister",
    "wait_for_exit",
    "whereis",
    "which_children",
]
