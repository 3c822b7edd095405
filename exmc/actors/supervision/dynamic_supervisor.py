"""A supervisor whose children come and go, each on its own."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from exmc.actors.errors import BadChildSpecError, ChildError
from exmc.actors.pid import Pid
from exmc.actors.supervision.child_lifecycle import Stopping
from exmc.actors.supervision.supervisor import AutoShutdown, Supervisor

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

    from exmc.actors.errors import ActorError
    from exmc.actors.supervision.child_spec import ChildSpec
    from exmc.actors.supervision.children import Child


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

    def admit(self, spec: ChildSpec) -> Child | ActorError:
        """Add a child under the spec's id and a number, unless there is no room."""
        if self.max_children is not None and len(self.children) >= self.max_children:
            return ChildError(spec.id, "max_children")
        return self.useless(spec) or self.children.add(
            (spec.id, next(self._numbers)), spec
        )

    def find(self, child: Hashable) -> Child | None:
        """Return the child of a pid, or of an id as which_children shows it."""
        if isinstance(child, Pid):
            return self.children.with_pid(child)
        return super().find(child)

    async def stop_children(self) -> None:
        """Stop all children at once."""
        children = [(c, c.pid) for c in self.children if c.pid is not None]
        stopping = Stopping()
        reasons = await stopping.stop_together(
            (pid, child.spec.stopping) for child, pid in children
        )
        for child, pid in children:
            self.note_stopped(child, reasons[pid])
            await stopping.breathe()

    def forgets(self, child: Child) -> bool:  # noqa: ARG002 (it keeps no child that has ended)
        """Tell that a child that has ended for good leaves no spec behind."""
        return True
