"""The address of the process that is registered under a unique key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from exmc.actors.exit_reason import NOPROC
from exmc.actors.process.here import find
from exmc.actors.process.via import ViaName, behind
from exmc.actors.registry.registry import Registry, only_unique

if TYPE_CHECKING:
    from collections.abc import Hashable

    from exmc.actors.exit_reason import Reason
    from exmc.actors.kernel.control_block import ControlBlock
    from exmc.actors.kernel.kernel import Kernel
    from exmc.actors.pid import Pid
    from exmc.actors.process.here import Address
    from exmc.actors.registry.owners import Owners


@dataclass(frozen=True, slots=True)
class Via(ViaName):
    """A name that a registry with unique keys keeps; goes where a name goes.

    `await start_link(Chain, name=Via("exmc", 3))`, `call(Via("exmc", 3), "status")`.
    Nobody bears it while the registry is not there.

    Attributes:
        registry: The registry.
        key: What the process is registered under.
        value: What it registers along with the key, when it is started so.
    """

    registry: Address
    key: Hashable
    value: object = None

    def whereis_name(self, kernel: Kernel) -> Pid | None:
        """Return the process under the key now, or None.

        Raises:
            RegistryError: "not_unique".
            BadAddressError: The registry is another kind of process.
        """
        owners = self._owners(kernel)
        if owners is None:
            return None
        entry = only_unique(self.registry, owners.entries).get(self.key)
        return None if entry is None else entry.pid

    def refusal(self, kernel: Kernel) -> Reason | None:
        """Return "noproc" without the registry, ("already_started", pid) if taken."""
        if self._owners(kernel) is None:
            return NOPROC
        bearer = self.whereis_name(kernel)
        return None if bearer is None else ("already_started", bearer)

    def register_name(self, block: ControlBlock) -> None:
        """Enter a new process."""
        owners = self._owners(block.kernel)
        if owners is not None:
            owners.add(block, self.key, self.value)

    def _owners(self, kernel: Kernel) -> Owners | None:
        registry = behind(find(kernel, self.registry), Registry)
        return None if registry is None else registry.owners
