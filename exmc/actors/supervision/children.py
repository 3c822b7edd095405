"""The children of a supervisor, in start order, as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from exmc.actors.errors import BadChildSpecError

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator

    from exmc.actors.pid import Pid
    from exmc.actors.supervision.child_spec import ChildSpec

ChildState: TypeAlias = "Pid | Literal['restarting'] | None"


@dataclass(slots=True)
class Child:
    """One child and where it stands.

    Attributes:
        spec: What it is.
        pid: Its process, or None.
        restarting: It is down and will be started again.
        failures: Restarts needed since its last progress.
        attempt: Changes whenever `pid` or `restarting` does, so that a message about
            an earlier attempt is known to be stale.
    """

    spec: ChildSpec
    pid: Pid | None = None
    restarting: bool = False
    failures: int = 0
    attempt: int = 0

    @property
    def state(self) -> ChildState:
        """Its pid, "restarting", or None."""
        return "restarting" if self.restarting else self.pid


class Children:
    """Children by id, in start order, and by pid."""

    def __init__(self, specs: Iterable[ChildSpec] = ()) -> None:
        self._children: dict[Hashable, Child] = {}
        self._by_pid: dict[Pid, Child] = {}
        for spec in specs:
            if spec.id in self._children:
                message = f"Two children have the id {spec.id!r}; give each its own."
                raise BadChildSpecError(message)
            self.add(spec)

    def add(self, spec: ChildSpec) -> Child:
        """Append a child that is not running yet."""
        child = self._children[spec.id] = Child(spec)
        return child

    def get(self, child_id: Hashable) -> Child | None:
        """Return a child by its id."""
        return self._children.get(child_id)

    def with_pid(self, pid: Pid) -> Child | None:
        """Return the child that is this process now, or None."""
        return self._by_pid.get(pid)

    def note_up(self, child: Child, pid: Pid | None) -> None:
        """Note a start; None if its init said ignore."""
        child.pid, child.restarting = pid, False
        child.attempt += 1
        if pid is not None:
            self._by_pid[pid] = child

    def note_down(self, child: Child, *, restarting: bool) -> None:
        """Note an end."""
        if child.pid is not None:
            self._by_pid.pop(child.pid, None)
        child.pid, child.restarting = None, restarting
        child.attempt += 1

    def remove(self, child: Child) -> None:
        """Forget a child that is down."""
        self.note_down(child, restarting=False)
        self._children.pop(child.spec.id, None)

    @property
    def ids(self) -> tuple[Hashable, ...]:
        """Every id in start order."""
        return tuple(self._children)

    def __iter__(self) -> Iterator[Child]:
        return iter(tuple(self._children.values()))

    def __reversed__(self) -> Iterator[Child]:
        return iter(tuple(reversed(self._children.values())))

    def __len__(self) -> int:
        return len(self._children)
