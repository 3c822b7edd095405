"""What can be asked of a supervisor. This module speaks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from exmc.actors.errors import ActorError, StartError
from exmc.actors.kernel.control_block import ControlBlock
from exmc.actors.process.here import here
from exmc.actors.server.gen_server import call, cast
from exmc.actors.supervision.child_spec import checked_spec
from exmc.actors.supervision.requests import (
    ChildCount,
    ChildInfo,
    CountChildren,
    DeleteChild,
    Progress,
    RestartChild,
    StartChild,
    TerminateChild,
    WhichChildren,
)
from exmc.actors.supervision.supervisor import Supervisor

if TYPE_CHECKING:
    from collections.abc import Hashable

    from exmc.actors.pid import Pid
    from exmc.actors.process.here import Address
    from exmc.actors.supervision.child_spec import ChildSpec

T = TypeVar("T")


async def start_child(supervisor: Address, spec: ChildSpec) -> Pid:
    """Add a child to a supervisor and start it.

    It may have ended when this returns: who must know why, gives it no work before
    having called `monitor`.

    Raises:
        StartError: It did not start, or its init said ignore ("ignore").
        ChildError: "already_present", ("already_started", pid) or "max_children".
        BadChildSpecError: It is no spec, or significant where that cannot matter.
    """
    asked = StartChild(checked_spec(spec))
    return running(await call(supervisor, asked, timeout=None), spec.id)


async def terminate_child(supervisor: Address, child: Hashable) -> None:
    """Stop a child; its spec stays unless it is temporary. Idempotent.

    Args:
        supervisor: The supervisor.
        child: The id; under a DynamicSupervisor, the pid.

    Raises:
        ChildError: "not_found".
    """
    accepted(await call(supervisor, TerminateChild(child), timeout=None))


async def restart_child(supervisor: Address, child: Hashable) -> Pid:
    """Start a child that was terminated, or that ended for good.

    Raises:
        StartError: It did not start, or its init said ignore ("ignore").
        ChildError: "not_found", "running" or "restarting".
    """
    return running(await call(supervisor, RestartChild(child), timeout=None), child)


async def delete_child(supervisor: Address, child: Hashable) -> None:
    """Make a supervisor forget a child that does not run.

    Raises:
        ChildError: "not_found", "running" or "restarting".
    """
    accepted(await call(supervisor, DeleteChild(child), timeout=None))


async def which_children(supervisor: Address) -> tuple[ChildInfo, ...]:
    """List the children of a supervisor in start order."""
    return await call(supervisor, WhichChildren(), timeout=None)


async def count_children(supervisor: Address) -> ChildCount:
    """Count the children of a supervisor."""
    return await call(supervisor, CountChildren(), timeout=None)


def mark_progress() -> None:
    """Tell the supervisor of the running process that it has got on.

    Its failures so far are forgotten: the next delay is the shortest again, and
    they no longer count towards max_restarts.
    """
    me = here()
    parent = None if me.parent is None else me.parent.target
    # Whoever else has started it would not understand.
    if isinstance(parent, ControlBlock) and isinstance(parent.behaviour, Supervisor):
        cast(parent, Progress(me.pid))


def accepted(answer: ActorError | T) -> T:
    """Return an answer, or raise it if it is a refusal."""
    if isinstance(answer, ActorError):
        raise answer
    return answer


def running(answer: Pid | ActorError | None, child: Hashable) -> Pid:
    """Return the pid of a child that runs, or raise why it does not."""
    pid = accepted(answer)
    if pid is None:
        raise StartError(f"Child {child!r}", "ignore")
    return pid
