"""What a supervisor can be asked, as private messages that know their answer.

asking.py speaks for supervisors; nobody else builds these.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar

from exmc.actors.errors import ActorError, ChildError, StartError
from exmc.actors.server.gen_server import Request

if TYPE_CHECKING:
    from collections.abc import Hashable

    from exmc.actors.pid import Pid
    from exmc.actors.process.behaviour import Role
    from exmc.actors.supervision.child_spec import ChildSpec
    from exmc.actors.supervision.children import Child, Children, ChildState

Answer_co = TypeVar("Answer_co", covariant=True)


class Supervises(Protocol):
    """What a request may do to a supervisor."""

    children: Children

    def admit(self, spec: ChildSpec) -> Child | ActorError:
        """Add a child that does not run yet, or say why not."""
        ...

    def find(self, child: Hashable) -> Child | None:
        """Return the child that a request means."""
        ...

    async def start_child(self, child: Child) -> None:
        """Start a child and note where it stands."""
        ...

    async def stop_child(self, child: Child) -> None:
        """Stop a child for certain."""
        ...


class SupervisionRequest(Request[Answer_co]):
    """A request to a supervisor. A refusal is an answer too: the error to raise."""

    async def answered_by(self, supervisor: Supervises) -> object:
        """Act on the children and give the answer."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Progress:
    """A child has got on since it was started: forget its failures.

    Attributes:
        pid: The child.
    """

    pid: Pid


@dataclass(frozen=True, slots=True)
class ChildInfo:
    """One child, as which_children shows it.

    Attributes:
        id: Its name inside the supervisor; under a dynamic one, where children may
            share an id, the id and a number.
        pid: Its process, "restarting", or None.
        type: "worker" or "supervisor".
        failures: Restarts needed since its last progress.
    """

    id: Hashable
    pid: ChildState
    type: Role
    failures: int


@dataclass(frozen=True, slots=True)
class ChildCount:
    """How many children a supervisor has.

    Attributes:
        specs: Children, running or not.
        active: Children that run.
        supervisors: Children that are supervisors.
        workers: All others.
    """

    specs: int
    active: int
    supervisors: int
    workers: int


@dataclass(frozen=True)
class StartChild(SupervisionRequest["Pid | ActorError | None"]):
    """Add a child and start it."""

    spec: ChildSpec

    async def answered_by(self, supervisor: Supervises) -> Pid | ActorError | None:
        """Give its pid; nothing is left of a child that does not start."""
        child = supervisor.admit(self.spec)
        if isinstance(child, ActorError):
            return child
        try:
            await supervisor.start_child(child)
        except StartError as error:
            supervisor.children.remove(child)
            return error
        return child.pid


@dataclass(frozen=True)
class TerminateChild(SupervisionRequest["ActorError | None"]):
    """Stop a child and keep its spec, unless it is temporary. Idempotent."""

    child_id: Hashable

    async def answered_by(self, supervisor: Supervises) -> ActorError | None:
        """Give None once it is dead."""
        child = supervisor.find(self.child_id)
        if child is None:
            return ChildError(self.child_id, "not_found")
        await supervisor.stop_child(child)
        return None


@dataclass(frozen=True)
class RestartChild(SupervisionRequest["Pid | ActorError | None"]):
    """Start a child that was terminated, or that ended for good."""

    child_id: Hashable

    async def answered_by(self, supervisor: Supervises) -> Pid | ActorError | None:
        """Give its new pid."""
        child = supervisor.find(self.child_id)
        refusal = at_rest(self.child_id, child)
        if child is None or refusal is not None:
            return refusal
        try:
            await supervisor.start_child(child)
        except StartError as error:
            return error
        return child.pid


@dataclass(frozen=True)
class DeleteChild(SupervisionRequest["ActorError | None"]):
    """Forget a child that does not run."""

    child_id: Hashable

    async def answered_by(self, supervisor: Supervises) -> ActorError | None:
        """Give None once it is forgotten."""
        child = supervisor.find(self.child_id)
        refusal = at_rest(self.child_id, child)
        if child is not None and refusal is None:
            supervisor.children.remove(child)
        return refusal


def at_rest(child_id: Hashable, child: Child | None) -> ChildError | None:
    """Return the refusal for a child that is unknown, or is not at rest."""
    if child is None:
        return ChildError(child_id, "not_found")
    if child.restarting:
        return ChildError(child_id, "restarting")
    return None if child.pid is None else ChildError(child_id, "running")


@dataclass(frozen=True)
class WhichChildren(SupervisionRequest[tuple[ChildInfo, ...]]):
    """List the children."""

    async def answered_by(self, supervisor: Supervises) -> tuple[ChildInfo, ...]:
        """Give them in start order."""
        return tuple(
            ChildInfo(c.id, c.state, c.spec.role, c.failures)
            for c in supervisor.children
        )


@dataclass(frozen=True)
class CountChildren(SupervisionRequest[ChildCount]):
    """Count the children."""

    async def answered_by(self, supervisor: Supervises) -> ChildCount:
        """Give the counts."""
        children = supervisor.children
        return ChildCount(
            specs=len(children),
            active=children.active,
            supervisors=children.supervisors,
            workers=len(children) - children.supervisors,
        )
