"""A server: a process that handles one message after another.

The module that defines a server speaks for it: it offers functions such as
`progress(chain)` and keeps its messages to itself.
"""

# ruff: noqa: ANN401 (a subclass says what its callbacks take, a caller what comes back)

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

from exmc.actors.errors import CallError, CallingSelfError, CallTimeoutError
from exmc.actors.events import CALL
from exmc.actors.exit_reason import NORMAL, TIMEOUT
from exmc.actors.process.behaviour import Behaviour
from exmc.actors.process.envelope import Call, Cast, StopRequest
from exmc.actors.process.exit_watch import wait_for_exit
from exmc.actors.process.here import here, living, locate, target_of
from exmc.actors.server.server_conduct import SERVER, ServerConduct
from exmc.actors.telemetry import listeners, span

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Awaitable, Coroutine

    from exmc.actors.exit_reason import Reason
    from exmc.actors.kernel.control_block import ControlBlock
    from exmc.actors.process.here import Address
    from exmc.actors.server.outcome import CallOutcome, InitOutcome, Outcome

Answer_co = TypeVar("Answer_co", covariant=True)


class Request(Generic[Answer_co]):
    """A request that says what its reply is: `class _Progress(Request[int])`."""


class GenServer(Behaviour):
    """A process that answers calls and takes messages, one at a time.

    Every callback may be a plain or an async function. While an async one waits,
    the process's messages queue up and other processes run.
    """

    def init(self, *args: Any, **kwargs: Any) -> Awaitable[InitOutcome] | InitOutcome:
        """Set up; the start returns when this does. By default does nothing."""
        if args or kwargs:
            name = type(self).__name__
            raise TypeError(f"{name} takes no arguments; define {name}.init.")
        return None

    def handle_call(
        self, request: Any, caller: Call, /
    ) -> Awaitable[CallOutcome] | CallOutcome:
        """Answer a request: reply(x), noreply() or stop_with(reason, reply=x)."""
        raise NotImplementedError(
            f"{type(self).__name__} has no handle_call for {request!r} "
            f"from {caller.pid}."
        )

    def handle_cast(self, message: Any, /) -> Awaitable[Outcome] | Outcome:
        """Take a message that wants no answer."""
        raise NotImplementedError(
            f"{type(self).__name__} has no handle_cast for {message!r}."
        )

    def handle_info(self, message: Any, /) -> Awaitable[Outcome] | Outcome:  # noqa: ARG002 (the default drops it)
        """Take any other message: a plain send, Exit, Down, Timeout."""
        return None

    def handle_continue(self, argument: Any, /) -> Awaitable[Outcome] | Outcome:
        """Go on with what the last outcome asked for, before any other message."""
        raise NotImplementedError(
            f"{type(self).__name__} has no handle_continue for {argument!r}."
        )

    def terminate(self, reason: Reason, /) -> Awaitable[None] | None:  # noqa: ARG002 (the default has nothing to do)
        """Clean up before the end; not run when the process is killed."""
        return None

    def make_conduct(self) -> ServerConduct:
        """Run the callbacks above."""
        return SERVER

    def starts_at_once(self) -> bool:
        """Tell whether the class has no init of its own."""
        return type(self).init is GenServer.init


@overload
def call(
    address: Address, request: Request[Answer_co], *, timeout: float | None = 5.0
) -> Coroutine[Any, Any, Answer_co]: ...


@overload
def call(
    address: Address, request: object, *, timeout: float | None = 5.0
) -> Coroutine[Any, Any, Any]: ...


def call(
    address: Address, request: object, *, timeout: float | None = 5.0
) -> Coroutine[Any, Any, Any]:
    """Ask a server; await its reply.

    Args:
        address: The server.
        request: What is asked; a Request[T] gives a T.
        timeout: Seconds to wait; None for as long as the server lives.

    Raises:
        CallTimeoutError: No reply in time. The server lives on; its late reply is
            dropped.
        NoProcessError: There is no such process.
        CallingSelfError: The server is the caller.
        CallError: The server ended before it replied; `reason` is its exit reason.
    """
    ask = asked_and_told if listeners else asked
    return ask(address, request, timeout)


async def asked_and_told(
    address: Address, request: object, seconds: float | None
) -> object:
    """Ask a server, and tell telemetry of it."""
    me = here()
    known = {"pid": locate(address), "caller": me.pid, "request": request}
    with span(CALL, known, now=me.kernel.clock.now):
        return await asked(address, request, seconds)


async def asked(address: Address, request: object, seconds: float | None) -> object:
    """Ask a server and wait for its reply."""
    me, server = here(), living(address)
    if server is me:
        refuse_self(me, server)
    kernel = me.kernel
    future: asyncio.Future[object] = kernel.loop.create_future()
    envelope = Call(me, request, future)
    timer = None
    if seconds is not None:
        timer = kernel.clock.call_later(seconds, expire, future, server, seconds)
    server.deliver(envelope)
    try:
        return await future
    finally:
        if timer is not None:
            timer.cancel()
        if envelope.holder is not None:
            envelope.release()
        # A caller that dies here does not ask how the call went.
        future.cancel()


def expire(future: asyncio.Future[object], pid: object, seconds: float) -> None:
    """Fail a call that nobody has answered in time."""
    if not future.done():
        message = f"Process {pid} has not replied within {seconds} s."
        future.set_exception(CallTimeoutError(TIMEOUT, message))


def refuse_self(me: ControlBlock, process: object) -> None:
    """Refuse a wait that could never end.

    Raises:
        CallingSelfError: The process would wait for itself.
    """
    if process is me:
        raise CallingSelfError(
            "calling_self", f"Process {process} would wait for itself for ever."
        )


def cast(address: Address, message: object) -> None:
    """Send a message to a server's handle_cast; a dead server receives nothing."""
    process = target_of(address)
    if process is not None:
        process.deliver(Cast(message))


async def stop(
    address: Address,
    reason: Reason = NORMAL,
    *,
    timeout: float | None = None,  # noqa: ASYNC109 (OTP's name, the runtime's clock)
) -> None:
    """Ask a process to end; return when it is dead, its terminate done.

    Raises:
        NoProcessError: There is no such process.
        CallingSelfError: The process is the caller; return stop_with instead.
        CallError: It ended with another reason.
        TimeoutError: It is still alive after `timeout` seconds.
    """
    me, process = here(), living(address)
    refuse_self(me, process)
    process.deliver(StopRequest(reason))
    ended = await wait_for_exit(process.pid, timeout=timeout)
    if ended != reason:
        raise CallError(ended)
