"""Names that somebody other than the runtime keeps: Elixir's `:via`."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from exmc.actors.errors import BadAddressError
from exmc.actors.kernel.control_block import ControlBlock

if TYPE_CHECKING:
    from exmc.actors.exit_reason import Reason
    from exmc.actors.kernel.kernel import Kernel
    from exmc.actors.pid import Pid

B = TypeVar("B")


class ViaName:
    """An address that somebody keeps; it is looked up each time it is used."""

    __slots__ = ()

    def whereis_name(self, kernel: Kernel) -> Pid | None:
        """Return the process it means now, or None."""
        raise NotImplementedError(f"{type(self).__name__} has no whereis_name.")

    def refusal(self, kernel: Kernel) -> Reason | None:  # noqa: ARG002 (most are only addresses)
        """Return why no process can be started under it now, or None.

        Raises:
            BadAddressError: No process can ever be started under it.
        """
        raise BadAddressError(
            f"{self!r} is an address, not a name to start a process under; "
            f"for one, use Via(registry, key) or a str."
        )

    def register_name(self, block: ControlBlock) -> None:
        """Give it to a new process; only after `refusal` gave None."""
        raise NotImplementedError(f"{type(self).__name__} has no register_name.")


def behind(pid: Pid | None, kind: type[B]) -> B | None:
    """Return the object inside a process, to read it without a message.

    Args:
        pid: The process; there is nothing behind a dead one, or None.
        kind: The class that the object must be of.

    Raises:
        BadAddressError: It is of another class.
    """
    if pid is None or not isinstance(pid.target, ControlBlock):
        return None
    behaviour: object = pid.target.behaviour
    if isinstance(behaviour, kind):
        return behaviour
    raise BadAddressError(
        f"{pid} is a {type(behaviour).__name__}; "
        f"a {kind.__name__} is needed, give its name or pid."
    )
