"""Where the caller is: which process, which runtime; and whom a name means."""

from __future__ import annotations

from threading import get_ident
from typing import TYPE_CHECKING, TypeAlias

from exmc.actors.errors import (
    BadAddressError,
    NameTakenError,
    NoProcessError,
    NoRuntimeError,
)
from exmc.actors.exit_reason import NOPROC
from exmc.actors.kernel.control_block import ControlBlock, current
from exmc.actors.pid import Pid
from exmc.actors.process.via import ViaName

if TYPE_CHECKING:
    from exmc.actors.exit_reason import Reason
    from exmc.actors.kernel.kernel import Kernel
    from exmc.actors.pid import Target

Name: TypeAlias = str | ViaName
"""What a process can be found under: a registered name, or one that another keeps."""

Address: TypeAlias = Pid | Name
"""A pid or a name."""


def here() -> ControlBlock:
    """Return the record of the process that is running.

    Raises:
        NoRuntimeError: The caller is not inside a runtime, or is on another thread,
            which may have copied the context: asyncio.to_thread does.
    """
    try:
        me = current.get()
    except LookupError:
        raise NoRuntimeError(
            "Not inside a runtime; call this from a process or inside "
            "`async with Runtime()`; from a thread use what Runtime.from_thread gives."
        ) from None
    if get_ident() != me.kernel.thread:
        raise NoRuntimeError(
            f"{me.pid} was to do this on another thread than the runtime's; "
            "use what Runtime.from_thread gives."
        )
    return me


def self_pid() -> Pid:
    """Return the pid of the process that is running."""
    return here().pid


def whereis(name: Name) -> Pid | None:
    """Return the process registered under a name, or None."""
    return find(here().kernel, name)


def register(name: str) -> None:
    """Register the running process under a name.

    Raises:
        NameTakenError: The name is taken, or the process has a name already.
        BadAddressError: It is no str.
        NoRuntimeError: The process is dead; a task of its has outlived it.
    """
    me = here()
    if not me.alive:
        raise NoRuntimeError(f"{me.pid} has ended and can take no name.")
    if not isinstance(name, str):
        raise BadAddressError(no_name(name))
    bearer = me.kernel.names.register(name, me.pid) if me.name is None else me.pid
    if bearer is not me.pid or me.name is not None:
        raise NameTakenError(
            f"{me.pid} cannot take the name {name!r}: "
            f"{bearer} is registered as {me.name or name!r}."
        )
    me.tied().name = name


def unregister() -> None:
    """Give up the running process's name, if it has one."""
    me = here()
    if me.name is not None:
        me.kernel.names.release(me.name, me.pid)
        me.tied().name = None


def locate(address: Address) -> Pid | None:
    """Return the pid that an address means; None if nobody bears the name."""
    return address if isinstance(address, Pid) else find(here().kernel, address)


def find(kernel: Kernel, address: Address) -> Pid | None:
    """Return the pid that an address means in some runtime, or None.

    Raises:
        BadAddressError: It is none, or leads to a process of another kind.
    """
    if isinstance(address, str):
        return kernel.names.whereis(address)
    if isinstance(address, Pid):
        return address
    if isinstance(address, ViaName):
        return address.whereis_name(kernel)
    raise BadAddressError(
        f"{address!r} is no address; give a pid, a registered name (a str) or a Via; "
        "`whereis` gives None where nobody bears a name."
    )


def refusal(kernel: Kernel, name: Name) -> Reason | None:
    """Return why no process can be started under a name now, or None.

    Raises:
        BadAddressError: None ever can.
    """
    if isinstance(name, ViaName):
        return name.refusal(kernel)
    if not isinstance(name, str):
        raise BadAddressError(no_name(name))
    bearer = kernel.names.whereis(name)
    return None if bearer is None else ("already_started", bearer)


def no_name(name: object) -> str:
    """Say what a name is."""
    return (
        f"{name!r} is no name; give a str, or to start a process a Via(registry, key)."
    )


def give_name(block: ControlBlock, name: Name) -> None:
    """Register a new process under a name that nobody bears."""
    if isinstance(name, ViaName):
        name.register_name(block)
    else:
        block.tied().name = name
        block.kernel.names.register(name, block.pid)


def target_of(address: Address) -> Target | None:
    """Return the living process that an address means, or None."""
    try:
        return address.target  # type: ignore[union-attr]  # only a pid has one
    except AttributeError:
        pid = locate(address)
        return None if pid is None else pid.target


def living(address: Address) -> Target:
    """Return the living process that an address means.

    Raises:
        NoProcessError: It is dead, or nobody bears the name.
    """
    target = target_of(address)
    if target is None:
        raise NoProcessError(
            NOPROC, f"There is no process {address!r}; it has ended or never was."
        )
    return target
