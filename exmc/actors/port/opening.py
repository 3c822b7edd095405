"""Opening a port, and what can be done with one from any process."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exmc.actors.errors import CallError, CallTimeoutError, NoProcessError
from exmc.actors.exit_reason import NORMAL
from exmc.actors.port.port import CLEAN, Port
from exmc.actors.port.port_requests import Activate, Close, Describe, Write
from exmc.actors.process.exit_watch import wait_for_exit
from exmc.actors.process.here import living, self_pid
from exmc.actors.process.starting import start, start_link
from exmc.actors.process.via import behind
from exmc.actors.server.gen_server import call

if TYPE_CHECKING:
    from collections.abc import Sequence

    from exmc.actors.exit_reason import Reason
    from exmc.actors.pid import Pid
    from exmc.actors.port.port_requests import PortInfo
    from exmc.actors.port.port_spec import PortSpec, StrPath
    from exmc.actors.process.here import Address


async def open_port(
    spec: PortSpec | str | Sequence[StrPath],
    *,
    link: bool = True,
    name: str | None = None,
    timeout: float | None = None,  # noqa: ASYNC109 (OTP's name, the runtime's clock)
) -> Pid:
    """Run a program in an operating-system process, owned by the running process.

    The owner receives PortData and one PortExit. The program runs without a shell, in
    a session of its own, and dies with the port, with the owner, with the runtime
    and, on Linux, when this process is killed.

    Args:
        spec: What to run: a PortSpec, the program and its arguments, or one string
            of them.
        link: Link the port to the owner, which then ends when the program ends other
            than with status 0, unless it traps exits.
        name: A name to register the port under.
        timeout: Seconds that the program may take to come up.

    Returns:
        The port, once the program runs.

    Raises:
        StartError: It cannot be run; the reason says what to do about it.
    """
    opened = start_link if link else start
    return await opened(Port, spec, self_pid(), name=name, timeout=timeout)


async def port_command(
    port: Address,
    data: bytes | bytearray | memoryview,
    *,
    timeout: float | None = None,  # noqa: ASYNC109 (OTP's name, the runtime's clock)
) -> None:
    """Send bytes to a port's program; wait while its pipe is full.

    What several processes send arrives in the order in which they asked.

    Args:
        port: The port.
        data: One message; in a raw stream just more bytes. Another buffer is copied.
        timeout: Seconds to wait; the bytes are sent all the same.

    Raises:
        CallTimeoutError: The program has not taken them in time.
        CallError: The program has ended, or reads no longer.
        BadAddressError: The process is no port.
        ValueError: The message is too long for its header.
        TypeError: It is no bytes.
    """
    refused = await call(a_port(port), Write(frozen(data)), timeout=timeout)
    if refused is not None:
        raise refused


async def close_port(
    port: Address,
    *,
    timeout: float | None = None,  # noqa: ASYNC109 (OTP's name, the runtime's clock)
) -> Reason:
    """End a port's program, and return how it ended; the port is dead then.

    What was sent before is still written, then its input ends. After `close_grace`
    seconds it gets SIGTERM, after `term_grace` more SIGKILL. What it says meanwhile
    arrives as PortData. The owner that closes its port receives no PortExit.

    Raises:
        NoProcessError: There is no such port.
        BadAddressError: The process is no port.
        CallTimeoutError: It is still alive after `timeout` seconds.
    """
    pid = a_port(port)
    try:
        reason = await call(pid, Close(), timeout=timeout)
    except (NoProcessError, CallTimeoutError):
        raise
    except CallError as error:
        # It ended while it was asked.
        return CLEAN if error.reason == NORMAL else error.reason
    await wait_for_exit(pid)
    return reason


async def activate_port(port: Address, more: int = 1) -> None:
    """Let so many messages more come from a port whose spec says `active`.

    Raises:
        BadAddressError: The process is no port.
        ValueError: They are fewer than none.
    """
    if more < 0:
        raise ValueError(f"more must be at least 0 messages, got {more!r}.")
    await call(a_port(port), Activate(more), timeout=None)


async def port_info(port: Address) -> PortInfo:
    """Tell about a port and its program.

    Raises:
        BadAddressError: The process is no port.
    """
    return await call(a_port(port), Describe())


def a_port(address: Address) -> Pid:
    """Return the living port that an address means.

    Another server would crash on a port's requests, or never answer them.

    Raises:
        NoProcessError: It is dead, or nobody bears the name.
        BadAddressError: The process is no port.
    """
    pid = living(address).pid
    behind(pid, Port)
    return pid


def frozen(data: object) -> bytes:
    """Return data as they are now: a buffer may change while it waits to be written.

    Raises:
        TypeError: They are no bytes.
    """
    if isinstance(data, bytes):
        return data
    try:
        return bytes(memoryview(data))  # type: ignore[arg-type]  # it asks
    except TypeError:
        remedy = "give bytes, a bytearray or another buffer"
        if isinstance(data, str):
            remedy = "encode it: text.encode()"
        message = f"The data of a port are bytes, got a {type(data).__name__}; "
        raise TypeError(f"{message}{remedy}.") from None
