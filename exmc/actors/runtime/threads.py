"""A runtime's processes, for code on other threads."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar, overload

from exmc.actors.exit_reason import NORMAL
from exmc.actors.observation.observer import observe
from exmc.actors.process.exit_watch import wait_for_exit
from exmc.actors.process.here import here, locate
from exmc.actors.process.signals import send, send_exit
from exmc.actors.process.starting import start_link
from exmc.actors.server.gen_server import Request, call, cast, stop

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from contextlib import AbstractContextManager

    from exmc.actors.exit_reason import Reason
    from exmc.actors.kernel.reports import Report
    from exmc.actors.observation.process_info import ProcessInfo
    from exmc.actors.pid import Pid
    from exmc.actors.process.behaviour import Behaviour
    from exmc.actors.process.here import Address, Name
    from exmc.actors.runtime.visits import Visits

Answer = TypeVar("Answer")
P = ParamSpec("P")
T = TypeVar("T")


class ThreadHandle:
    """What threads other than the runtime's own may do with its processes.

    Every method may be called on any such thread, by many at once, and acts as the
    runtime's root. What waits blocks its thread only; timeouts are measured on the
    runtime's clock. What one thread sends, casts and calls arrives in that order.

    Every method raises NoRuntimeError once the runtime was left, on the runtime's
    own thread, and in a fork of the operating-system process; a thread that waits
    when the runtime is left gets it too.
    """

    def __init__(
        self, visits: Visits, as_root: Callable[[], AbstractContextManager[object]]
    ) -> None:
        self._visits = visits
        self._as_root = as_root

    def run(
        self, function: Callable[P, Awaitable[T]], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run an async function in the runtime and wait for what it returns.

        Raises:
            Exception: Whatever the function raises.
        """

        async def visit() -> T:
            with self._as_root():
                return await function(*args, **kwargs)

        return self._visits.run(visit)

    def start(
        self,
        behaviour: type[Behaviour] | Behaviour,
        *args: object,
        name: Name | None = None,
        timeout: float | None = None,
        **kwargs: object,
    ) -> Pid:
        """Start a process that the runtime stops on leaving; see Runtime.start.

        Raises:
            StartError: It did not start.
        """
        return self.run(
            start_link, behaviour, *args, name=name, timeout=timeout, **kwargs
        )

    @overload
    def call(
        self,
        address: Address,
        request: Request[Answer],
        *,
        timeout: float | None = 5.0,
    ) -> Answer: ...

    @overload
    def call(
        self, address: Address, request: object, *, timeout: float | None = 5.0
    ) -> Any: ...  # noqa: ANN401 (an untyped request)

    def call(
        self, address: Address, request: object, *, timeout: float | None = 5.0
    ) -> Any:
        """Ask a server and wait for its reply.

        Raises:
            CallError: There was none; see exmc.actors.call.
        """
        return self.run(call, address, request, timeout=timeout)

    def cast(self, address: Address, message: object) -> None:
        """Send a message to a server's handle_cast, without waiting."""
        self._post(partial(cast, address, message))

    def send(self, address: Address, message: object) -> None:
        """Send a message, without waiting."""
        self._post(partial(send, address, message))

    def send_exit(self, pid: Pid, reason: Reason) -> None:
        """Send an exit signal, without waiting for what it does."""
        self._post(partial(send_exit, pid, reason))

    def stop(
        self, address: Address, reason: Reason = NORMAL, *, timeout: float | None = None
    ) -> None:
        """Ask a process to end, and wait until it has.

        Raises:
            CallError: There is no such process, or it ended with another reason.
            TimeoutError: It is still alive after `timeout` seconds.
        """
        self.run(stop, address, reason, timeout=timeout)

    def wait_for_exit(
        self, address: Address, *, timeout: float | None = None
    ) -> Reason:
        """Wait until a process has ended and return why.

        Raises:
            TimeoutError: It is still alive after `timeout` seconds.
        """
        return self.run(wait_for_exit, address, timeout=timeout)

    def whereis(self, address: Address) -> Pid | None:
        """Return the pid that a name means at this moment, or None."""

        async def look() -> Pid | None:
            return locate(address)

        return self.run(look)

    def observe(self) -> tuple[ProcessInfo, ...]:
        """Look at every living process; see Runtime.observe."""

        async def look() -> tuple[ProcessInfo, ...]:
            return observe(here().kernel)

        return self.run(look)

    def reports(self) -> tuple[Report, ...]:
        """Return the latest crashes and what supervisors saw, oldest first."""

        async def look() -> tuple[Report, ...]:
            return tuple(here().kernel.reports)

        return self.run(look)

    def _post(self, function: Callable[[], None]) -> None:
        def deliver() -> None:
            with self._as_root():
                function()

        self._visits.post(deliver)
