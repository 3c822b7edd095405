"""What a port sends to its owner."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from exmc.actors.exit_reason import Reason
    from exmc.actors.pid import Pid


@dataclass(frozen=True, slots=True)
class PortData:
    """The operating-system process has sent something.

    Attributes:
        port: Which port.
        data: One message; of a raw stream, as much as was there.
    """

    port: Pid
    data: bytes


@dataclass(frozen=True, slots=True)
class PortExit:
    """The operating-system process has ended; sent once, after all its data.

    Attributes:
        port: Which port; it ends right afterwards.
        reason: ("exit", status), ("signal", number), ("hung", seconds),
            ("bad_packet", bytes) or ("lost", os_pid) when nobody can say.
    """

    port: Pid
    reason: Reason
