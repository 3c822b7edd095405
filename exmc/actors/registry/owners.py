"""The processes that have entries in a registry, and whose end ends what.

An owner's entries go with it, before anybody sees its death. A registry's owners go
with it as if they were linked to it: one that lived on would believe it can be found
under keys that nobody knows any more. Nothing of this is a message to the registry.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from exmc.actors.ref import Ref

if TYPE_CHECKING:
    from collections.abc import Hashable

    from exmc.actors.exit_reason import Reason
    from exmc.actors.kernel.control_block import ControlBlock
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
        self._registry = registry
        self.entries = entries
        self._refs: dict[ControlBlock, Ref] = {}

    def add(self, owner: ControlBlock, key: Hashable, value: object) -> Pid | None:
        """Enter a process; or change nothing and return the one that is in the way."""
        in_the_way = self.entries.add(key, owner.pid, value)
        if in_the_way is None and owner not in self._refs:
            ref = self._refs[owner] = Ref()
            owner.hold(ref, partial(self._ended, owner))
        return in_the_way

    def remove(self, owner: ControlBlock, key: Hashable) -> None:
        """Forget what a process has under a key."""
        self.entries.remove(key, owner.pid)
        if not self.entries.keys(owner.pid) and owner in self._refs:
            owner.unhold(self._refs.pop(owner))

    def _ended(self, owner: ControlBlock) -> None:
        del self._refs[owner]
        self.entries.drop(owner.pid)

    def down(self, reason: Reason) -> None:
        """Send every owner the signal of the registry's end, as along a link."""
        refs, self._refs = self._refs, {}
        for owner, ref in refs.items():
            owner.unhold(ref)
            owner.exit(self._registry, reason, linked=True)
