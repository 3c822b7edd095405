"""What the living processes of a runtime are doing (Erlang's observer).

    print(observer.table(runtime.observe()))
    print(observer.tree(runtime.observe()))

To observe is to read: nobody is sent a message, and a process that hangs shows where.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Protocol

from exmc.actors.kernel.kernel import Kernel
from exmc.actors.observation.busy import busy_of
from exmc.actors.observation.process_info import ProcessInfo, Status, table, tree
from exmc.actors.observation.records import kind_of, living, on_stage, waiting_in
from exmc.actors.observation.where import running_at, suspended_at, told
from exmc.actors.process.signals import Monitor
from exmc.actors.supervision.supervisor import Supervisor

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import FrameType

    from exmc.actors.kernel.control_block import ControlBlock
    from exmc.actors.pid import Pid

__all__ = ["ProcessInfo", "Status", "observe", "table", "tree"]


class Running(Protocol):
    """A runtime that was entered."""

    @property
    def kernel(self) -> Kernel:
        """What its processes share."""
        ...


def observe(runtime: Running | Kernel) -> tuple[ProcessInfo, ...]:
    """Look at every living process of a runtime, the oldest first.

    O(processes, links and monitors). On the thread of the loop only.
    """
    kernel = runtime if isinstance(runtime, Kernel) else runtime.kernel
    blocks = living(kernel)
    restarts = dict(restarts_in(blocks))
    monitored_by = {block.pid: monitors_of(block) for block in blocks}
    monitors: dict[Pid, list[Pid]] = {}
    for pid, owners in monitored_by.items():
        for owner in owners:
            monitors.setdefault(owner, []).append(pid)
    caller = sys._getframe(1)  # noqa: SLF001 (documented, whatever its name)
    return tuple(
        ProcessInfo(
            pid=block.pid,
            name=block.name,
            kind=kind_of(block),
            ancestors=block.ancestors,
            status=status_of(block),
            where=where_is(block, caller),
            mailbox=len(block.mailbox),
            reductions=block.reductions,
            busy_s=busy_of(block.kernel, block),
            links=tuple(block.links),
            monitors=tuple(monitors.get(block.pid, ())),
            monitored_by=monitored_by[block.pid],
            restarts=restarts.get(block.pid),
        )
        for block in blocks
    )


def status_of(block: ControlBlock) -> Status:
    """Return what a process is doing."""
    if on_stage(block.kernel) is block:
        return "running"
    if waiting_in(block) is not None:
        return "suspended"
    return "ready" if block.mailbox else "idle"


def where_is(block: ControlBlock, caller: FrameType) -> str | None:
    """Return where a process waits; where it runs if it is the one that asks."""
    if on_stage(block.kernel) is block:
        return told(running_at(caller))
    return told(suspended_at(waiting_in(block)))


def monitors_of(block: ControlBlock) -> tuple[Pid, ...]:
    """Return those who monitor a process, each as often as it does."""
    monitors = [w for w in block.watchers if isinstance(w, Monitor)]
    return tuple(m._owner.pid for m in monitors)  # noqa: SLF001 (only observers look)


def restarts_in(blocks: Iterable[ControlBlock]) -> Iterable[tuple[Pid, int]]:
    """Give every child that runs under a supervisor, with its restarts."""
    for block in blocks:
        if isinstance(block.behaviour, Supervisor):
            for child in block.behaviour.children:
                if child.pid is not None:
                    yield child.pid, child.failures
