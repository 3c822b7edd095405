"""A supervisor whose children come and go, each on its own."""

from __future__ import annotations

import asyncio
import itertools
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from exmc.actors.errors import BadChildSpecError, ChildError
from exmc.actors.pid import Pid
from exmc.actors.server.outcome import CallOutcome, reply
from exmc.actors.supervision.requests import (
    RestartChild,
    StartChild,
    SupervisionRequest,
    TerminateChild,
)
from exmc.actors.supervision.supervisor import AutoShutdown, Supervisor

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exmc.actors.process.envelope import Call
    from exmc.actors.supervision.children import Child, Children


class DynamicSupervisor(Supervisor):
    """A one_for_one supervisor that starts empty and knows its children by pid.

    A child that has ended for good leaves no spec behind. Children are stopped all
    at once, so stopping takes as long as the slowest of them.

    Args:
        max_children: How many there may be, those being restarted among them.
        max_restarts, max_seconds, auto_shutdown: As for Supervisor.

    Raises:
        BadChildSpecError: An argument is out of its domain.
    """

    def __init__(
        self,
        *,
        max_children: int | None = None,
        max_restarts: int = 3,
        max_seconds: float = 5.0,
        auto_shutdown: AutoShutdown = "never",
    ) -> None:
        super().__init__(
            max_restarts=max_restarts,
            max_seconds=max_seconds,
            auto_shutdown=auto_shutdown,
        )
        if max_children is not None and max_children < 0:
            message = f"max_children must be at least 0, got {max_children!r}."
            raise BadChildSpecError(message)
        self.max_children = max_children
        self._numbers: Iterator[int] = itertools.count(1)

    async def handle_call(
        self, request: SupervisionRequest[Any], caller: Call
    ) -> CallOutcome:
        """Let the request act on the children, known here by pid."""
        match request:
            case StartChild(spec=spec):
                if self._is_full():
                    return reply(ChildError(spec.id, "max_children"))
                numbered = replace(spec, id=(spec.id, next(self._numbers)))
                request = StartChild(numbered)
            case TerminateChild(child_id=Pid() as pid):
                request = TerminateChild(self._id_of(pid))
            case RestartChild(child_id=child_id):
                return reply(ChildError(child_id, "not_found"))
            case _:
                pass
        return await super().handle_call(request, caller)

    async def stop_child(self, child: Child, *, restarting: bool = False) -> None:
        """Stop a child for certain, and forget it."""
        await super().stop_child(child, restarting=restarting)
        self.children.remove(child)

    async def stop_children(self, children: Children) -> None:
        """Stop all children at once."""
        async with asyncio.TaskGroup() as stopping:
            for child in children:
                stopping.create_task(self.stop_child(child))

    def forgets(self, child: Child) -> bool:  # noqa: ARG002 (it keeps no child that has ended)
        """Tell that a child that has ended for good leaves no spec behind."""
        return True

    def _is_full(self) -> bool:
        return self.max_children is not None and len(self.children) >= self.max_children

    def _id_of(self, pid: Pid) -> object:
        child = self.children.with_pid(pid)
        return pid if child is None else child.spec.id
