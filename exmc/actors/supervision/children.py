"""The children of a supervisor, in start order, as data.

Rule: what happens to one child costs the same however many there are. A question
about all of them is answered by a count that is kept, not by looking.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from exmc.actors.errors import BadChildSpecError
from exmc.actors.supervision.child_spec import checked_spec, is_hashable

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Reversible

    from exmc.actors.pid import Pid
    from exmc.actors.supervision.child_spec import ChildSpec

ChildState: TypeAlias = "Pid | Literal['restarting'] | None"


@dataclass(slots=True, eq=False)
class Child:
    """One child and where it stands.

    Attributes:
        id: Its name inside the supervisor; the spec's, or one made for it.
        spec: What it is.
        pid: Its process, or None.
        restarting: It is down and will be started again.
        failures: Restarts needed since its last progress.
        attempt: Changes whenever `pid` or `restarting` does, so that a message about
            an earlier attempt is known to be stale.
        leading: Its restart is due, and is that of others who are down with it.
    """

    id: Hashable
    spec: ChildSpec
    pid: Pid | None = None
    restarting: bool = False
    failures: int = 0
    attempt: int = 0
    leading: bool = False

    @property
    def state(self) -> ChildState:
        """Its pid, "restarting", or None."""
        return "restarting" if self.restarting else self.pid


class Children:
    """Children by id, in start order, and by pid."""

    def __init__(self, specs: Iterable[ChildSpec] = ()) -> None:
        self._children: dict[Hashable, Child] = {}
        self._by_pid: dict[Pid, Child] = {}
        self._significant: set[Hashable] = set()
        self._supervisors = 0
        for spec in map(checked_spec, specs):
            if spec.id in self._children:
                message = f"Two children have the id {spec.id!r}; give each its own."
                raise BadChildSpecError(message)
            self.add(spec.id, spec)

    def add(self, child_id: Hashable, spec: ChildSpec) -> Child:
        """Append a child that is not running yet, under an id that is free."""
        child = self._children[child_id] = Child(child_id, spec)
        self._supervisors += spec.role == "supervisor"
        return child

    def get(self, child_id: Hashable) -> Child | None:
        """Return a child by its id; None if there is none, or could not be."""
        return self._children.get(child_id) if is_hashable(child_id) else None

    def with_pid(self, pid: Pid) -> Child | None:
        """Return the child that is this process now, or None."""
        return self._by_pid.get(pid)

    def note_up(self, child: Child, pid: Pid | None) -> None:
        """Note a start; None if its init said ignore."""
        self._note(child, pid, restarting=False)

    def note_down(self, child: Child, *, restarting: bool) -> None:
        """Note an end."""
        self._note(child, None, restarting=restarting)

    def _note(self, child: Child, pid: Pid | None, *, restarting: bool) -> None:
        if child.pid is not None:
            self._by_pid.pop(child.pid, None)
        if pid is not None:
            self._by_pid[pid] = child
        child.pid, child.restarting, child.leading = pid, restarting, False
        child.attempt += 1
        if child.spec.significant and child.state is not None:
            self._significant.add(child.id)
        else:
            self._significant.discard(child.id)

    def remove(self, child: Child) -> None:
        """Forget a child that is down. Idempotent."""
        self.note_down(child, restarting=False)
        if self._children.pop(child.id, None) is not None:
            self._supervisors -= child.spec.role == "supervisor"

    @property
    def ids(self) -> Reversible[Hashable]:
        """Every id in start order; a view, which changes with the children."""
        return self._children.keys()

    @property
    def active(self) -> int:
        """How many run."""
        return len(self._by_pid)

    @property
    def supervisors(self) -> int:
        """How many are supervisors, running or not."""
        return self._supervisors

    @property
    def significant(self) -> int:
        """How many significant ones run, or will again."""
        return len(self._significant)

    def __iter__(self) -> Iterator[Child]:
        return iter(tuple(self._children.values()))

    def __reversed__(self) -> Iterator[Child]:
        return iter(tuple(reversed(self._children.values())))

    def __len__(self) -> int:
        return len(self._children)
