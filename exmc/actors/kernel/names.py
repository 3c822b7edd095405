"""Names of processes: one process a name, one name a process."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from exmc.actors.pid import Pid


class Names:
    """Who bears which name. A name is free again before its bearer's death is seen."""

    def __init__(self) -> None:
        self._pids: dict[str, Pid] = {}

    def whereis(self, name: str) -> Pid | None:
        """Return the bearer of a name, or None."""
        return self._pids.get(name)

    def register(self, name: str, pid: Pid) -> Pid:
        """Give a name to a process unless it is taken; return who bears it now."""
        return self._pids.setdefault(name, pid)

    def release(self, name: str, pid: Pid) -> None:
        """Free a name if `pid` bears it."""
        if self._pids.get(name) is pid:
            del self._pids[name]

    def names(self) -> tuple[str, ...]:
        """Every name that is taken, in the order of registration."""
        return tuple(self._pids)
