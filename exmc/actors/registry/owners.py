"""The processes that have entries in a registry, and whose end ends what.

An owner's entries go with it, before anybody sees its death. A registry's owners go
with it as if they were linked to it: one that lived on would believe it can be found
under keys that nobody knows any more. Nothing of this is a message to the registry.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from exmc.actors.errors import NoProcessError
from exmc.actors.exit_reason import NOPROC
from exmc.actors.kernel.control_block import ControlBlock
from exmc.actors.ref import Ref

if TYPE_CHECKING:
    from collections.abc import Hashable

    from exmc.actors.exit_reason import Reason
    from exmc.actors.pid import Pid
    from exmc.actors.registry.entries import Entries


class Owners:
    """Enters processes into a registry's entries and takes them off again.

    Attributes:
        entries: What they own.

    Args:
        registry: Whose owners they are.
        entries: Empty as yet.
    """

    def __init__(self, registry: Pid, entries: Entries) -> None:
        self.entries = entries
        self._registry = registry
        self._ref = Ref()

    def add(self, owner: ControlBlock, key: Hashable, value: object) -> Pid | None:
        """Enter a process; or change nothing and return the one that is in the way.

        Raises:
            NoProcessError: The owner is dead; a task that it left behind asks.
        """
        pid, entries = owner.pid, self.entries
        if pid.target is None:
            message = f"{pid} has ended; it cannot be registered under {key!r}."
            raise NoProcessError(NOPROC, message)
        in_the_way = entries.add(key, pid, value)
        if in_the_way is None:
            owner.hold(self._ref, partial(entries.drop, pid))
        return in_the_way

    def remove(self, owner: ControlBlock, key: Hashable) -> None:
        """Forget what a process has under a key. O(1)."""
        self.entries.remove(key, owner.pid)
        if not self.entries.knows(owner.pid):
            owner.unhold(self._ref)

    def down(self, reason: Reason) -> None:
        """Send every owner the signal of the registry's end, as along a link."""
        for pid in self.entries.pids():
            owner = pid.target
            if isinstance(owner, ControlBlock):
                owner.unhold(self._ref)
                owner.exit(self._registry, reason, linked=True)
