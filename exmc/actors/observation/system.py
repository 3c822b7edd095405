"""Looking into a living server and holding it still, as Erlang's sys does.

It works on every GenServer, StateMachine and Supervisor. The server answers between
two messages: while a handler waits, so does the question.
"""

# ruff: noqa: ANN401 (a state is what its behaviour makes it)

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from exmc.actors.errors import CallError, CallingSelfError, CallTimeoutError
from exmc.actors.exit_reason import TIMEOUT
from exmc.actors.kernel.control_block import ControlBlock
from exmc.actors.observation.attendant import attendant_of
from exmc.actors.observation.system_requests import (
    GetState,
    GetStatistics,
    GetStatus,
    ReplaceState,
    Resume,
    Status,
    Suspend,
    Trace,
)
from exmc.actors.observation.tracing import Statistics, TraceEvent, Tracer
from exmc.actors.process.here import here, living
from exmc.actors.process.system_message import SystemMessage
from exmc.actors.server.gen_server import GenServer
from exmc.actors.server.state_machine import StateMachine

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

    from exmc.actors.process.here import Address
    from exmc.actors.process.system_message import SystemRequest

__all__ = [
    "Statistics",
    "Status",
    "TraceEvent",
    "Tracer",
    "get_state",
    "get_status",
    "no_trace",
    "replace_state",
    "resume",
    "statistics",
    "suspend",
    "trace",
]


async def get_state(address: Address, *, timeout: float | None = 5.0) -> Any:  # noqa: ASYNC109 (OTP's name, the runtime's clock)
    """Return the state: attributes in a dict; (state, attributes) of a StateMachine.

    The values are the process's own; do not change them. Raises as `ask` does.
    """
    return await ask(address, GetState(), timeout)


async def replace_state(
    address: Address,
    function: Callable[[Any], Any],
    *,
    timeout: float | None = 5.0,  # noqa: ASYNC109 (OTP's name, the runtime's clock)
) -> Any:
    """Give a process the state that a function makes of its present one.

    `replace_state(pid, lambda state: {**state, "count": 0})`. What the function
    raises is raised here, and the process goes on as it was. Otherwise raises as
    `ask` does.

    Args:
        address: The process.
        function: Takes what get_state returns, and gives the like.
        timeout: Seconds to wait for its turn.

    Returns:
        The new state.
    """
    return await ask(address, ReplaceState(function), timeout)


async def suspend(address: Address, *, timeout: float | None = 5.0) -> None:  # noqa: ASYNC109 (OTP's name, the runtime's clock)
    """Let a process handle nothing but system messages, stop and its parent's Exit.

    All others wait in order, however many times it is suspended, until it is resumed
    once. Raises as `ask` does.
    """
    await ask(address, Suspend(), timeout)


async def resume(address: Address, *, timeout: float | None = 5.0) -> None:  # noqa: ASYNC109 (OTP's name, the runtime's clock)
    """Let a suspended process go on; raises as `ask` does."""
    await ask(address, Resume(), timeout)


async def get_status(address: Address, *, timeout: float | None = 5.0) -> Status:  # noqa: ASYNC109 (OTP's name, the runtime's clock)
    """Describe a process; raises as `ask` does."""
    status: Status = await ask(address, GetStatus(), timeout)
    return status


async def trace(
    address: Address,
    tracer: Tracer,
    *,
    timeout: float | None = 5.0,  # noqa: ASYNC109 (OTP's name, the runtime's clock)
) -> None:
    """Let a function be told what a process does, from its next message on.

    Args:
        address: The process.
        tracer: Is given each TraceEvent, in the turn of the process. It must not
            wait; if it raises, that is logged and it is told no more.
        timeout: Seconds to wait for the turn of the process; raises as `ask` does.
    """
    await ask(address, Trace(tracer, telling=True), timeout)


async def no_trace(
    address: Address,
    tracer: Tracer | None = None,
    *,
    timeout: float | None = 5.0,  # noqa: ASYNC109 (OTP's name, the runtime's clock)
) -> None:
    """Let a tracer be told no more, or all tracers; raises as `ask` does."""
    await ask(address, Trace(tracer, telling=False), timeout)


async def statistics(
    address: Address,
    *,
    collect: bool | None = None,
    timeout: float | None = 5.0,  # noqa: ASYNC109 (OTP's name, the runtime's clock)
) -> Statistics | None:
    """Count what a process does; raises as `ask` does.

    Args:
        address: The process.
        collect: True to begin anew, False to end, None to go on as it is.
        timeout: Seconds to wait for its turn.

    Returns:
        The counts up to now; None if nothing was counted.
    """
    counts: Statistics | None = await ask(address, GetStatistics(collect), timeout)
    return counts


async def ask(
    address: Address,
    request: SystemRequest,
    timeout: float | None,  # noqa: ASYNC109 (OTP's name, the runtime's clock)
) -> Any:
    """Send a system message and wait for the answer.

    Raises:
        CallTimeoutError: No answer in time; the request is carried out later.
        NoProcessError: There is no such process.
        CallingSelfError: The process is the caller.
        CallError: The process ended first, or it answers no system messages.
    """
    me, block = here(), server(address)
    if block is me:
        raise CallingSelfError(
            "calling_self", f"Process {me.pid} would wait for itself for ever."
        )
    future: asyncio.Future[Any] = me.kernel.loop.create_future()
    message = SystemMessage(me.pid, request, future)
    timer = None
    if timeout is not None:
        late = CallTimeoutError(
            TIMEOUT, f"Process {block.pid} has not answered within {timeout} s."
        )
        timer = me.kernel.clock.call_later(timeout, message.fail, late)
    block.add_watcher(message)
    attendant_of(block).expect()
    block.deliver(message)
    try:
        return await future
    finally:
        block.drop_watcher(message)
        if timer is not None:
            timer.cancel()


def server(address: Address) -> ControlBlock:
    """Return the record of a process that answers system messages.

    Raises:
        NoProcessError: There is no such process.
        CallError: It answers none.
    """
    block = living(address)
    assert isinstance(block, ControlBlock)  # noqa: S101 (nothing else is a target)
    if not isinstance(block.behaviour, GenServer | StateMachine):
        kind = type(block.behaviour).__name__
        raise CallError(
            ("no_system_messages", kind),
            f"{kind} {block} reads its own mailbox, so it answers no system messages; "
            f"make it a GenServer, or look at it with Runtime.observe.",
        )
    return block
