"""Where the caller is: which process, which runtime; and whom a name means."""

from __future__ import annotations

from typing import TypeAlias

from exmc.actors.errors import NameTakenError, NoProcessError, NoRuntimeError
from exmc.actors.exit_reason import NOPROC
from exmc.actors.kernel.control_block import ControlBlock, current
from exmc.actors.pid import Pid

Address: TypeAlias = Pid | str
"""A pid or a registered name."""


def here() -> ControlBlock:
    """Return the record of the process that is running.

    Raises:
        NoRuntimeError: The caller is not inside a runtime.
    """
    try:
        return current.get()
    except LookupError:
        raise NoRuntimeError(
            "Not inside a runtime; call this from a process or inside "
            "`async with Runtime()`, from a thread use Runtime.run_from_thread."
        ) from None


def self_pid() -> Pid:
    """Return the pid of the process that is running."""
    return here().pid


def whereis(name: str) -> Pid | None:
    """Return the process registered under a name, or None."""
    return here().kernel.names.whereis(name)


def register(name: str) -> None:
    """Register the running process under a name.

    Raises:
        NameTakenError: The name is taken, or the process has a name already.
    """
    me = here()
    bearer = me.kernel.names.register(name, me.pid) if me.name is None else me.pid
    if bearer is not me.pid or me.name is not None:
        raise NameTakenError(
            f"{me.pid} cannot take the name {name!r}: "
            f"{bearer} is registered as {me.name or name!r}."
        )
    me.name = name


def unregister() -> None:
    """Give up the running process's name, if it has one."""
    me = here()
    if me.name is not None:
        me.kernel.names.release(me.name, me.pid)
        me.name = None


def locate(address: Address) -> Pid | None:
    """Return the pid that an address means; None if nobody bears the name."""
    return address if isinstance(address, Pid) else whereis(address)


def living(address: Address) -> Pid:
    """Return the pid that an address means.

    Raises:
        NoProcessError: It is dead, or nobody bears the name.
    """
    pid = locate(address)
    if pid is None or pid.target is None:
        raise NoProcessError(
            NOPROC, f"There is no process {address!r}; it has ended or never was."
        )
    return pid
