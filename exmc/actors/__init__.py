"""Processes with mailboxes, links, monitors and supervisors, on asyncio.

The semantics are those of Erlang/OTP and Elixir, and so are the names.
"""

from exmc.actors import telemetry
from exmc.actors.clock import Clock, LoopClock, VirtualClock
from exmc.actors.errors import (
    ActorError,
    AlreadyRegisteredError,
    BadAddressError,
    BadBehaviourError,
    BadChildSpecError,
    BadOutcomeError,
    BadTaskOptionError,
    CallError,
    CallingSelfError,
    CallTimeoutError,
    ChildError,
    NameTakenError,
    NoProcessError,
    NoRuntimeError,
    NotOwnerError,
    PortOpenError,
    RegistryError,
    StartError,
    TaskError,
    TaskTimeoutError,
)
from exmc.actors.event_loop import new_event_loop, run
from exmc.actors.exit_reason import Reason, error_in, is_orderly
from exmc.actors.kernel.reports import CrashReport, StallReport, SupervisorReport
from exmc.actors.messages import Down, Exit, Timeout
from exmc.actors.observation import observer, system
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
from exmc.actors.process.starting import spawn, start, start_link
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
from exmc.actors.tasks.async_stream import (
    AsyncStream,
    async_stream,
    async_stream_nolink,
)
from exmc.actors.tasks.async_task import async_task
from exmc.actors.tasks.awaiting import (
    await_many,
    await_task,
    ignore_task,
    notify_when_done,
    shutdown_task,
    yield_many,
    yield_task,
)
from exmc.actors.tasks.result import Exited, Ok, TaskResult
from exmc.actors.tasks.task import Task, TaskDone
from exmc.actors.tasks.task_process import callers
from exmc.actors.tasks.task_supervisor import (
    TaskSupervisor,
    async_nolink,
    async_under,
    start_task,
    task_children,
    task_spec,
)

__all__ = [
    "ActorError",
    "Address",
    "AlreadyRegisteredError",
    "AsyncStream",
    "BackgroundRuntime",
    "Backoff",
    "BadAddressError",
    "BadBehaviourError",
    "BadChildSpecError",
    "BadOutcomeError",
    "BadTaskOptionError",
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
    "Exited",
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
    "NotOwnerError",
    "Ok",
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
    "StallReport",
    "StartError",
    "StateEvent",
    "StateInitOutcome",
    "StateMachine",
    "StateOutcome",
    "StateTimeout",
    "Stop",
    "Supervisor",
    "SupervisorReport",
    "Task",
    "TaskDone",
    "TaskError",
    "TaskResult",
    "TaskSupervisor",
    "TaskTimeoutError",
    "ThreadHandle",
    "Timeout",
    "TimerRef",
    "Via",
    "ViaName",
    "VirtualClock",
    "activate_port",
    "async_nolink",
    "async_stream",
    "async_stream_nolink",
    "async_task",
    "async_under",
    "await_many",
    "await_task",
    "call",
    "callers",
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
    "ignore_task",
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
    "notify_when_done",
    "observer",
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
    "shutdown_task",
    "spawn",
    "start",
    "start_child",
    "start_link",
    "start_task",
    "state_timeout",
    "stop",
    "stop_with",
    "system",
    "task_children",
    "task_spec",
    "telemetry",
    "terminate_child",
    "unlink",
    "unregister",
    "wait_for_exit",
    "whereis",
    "which_children",
    "yield_many",
    "yield_task",
]
