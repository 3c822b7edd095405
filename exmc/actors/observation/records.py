"""What observers read of the kernel and of the records of processes, in one place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exmc.actors.kernel.control_block import ControlBlock

if TYPE_CHECKING:
    from exmc.actors.kernel.kernel import Kernel


def living(kernel: Kernel) -> list[ControlBlock]:
    """Return the record of every living process, the oldest first."""
    pids = sorted(kernel.table, key=lambda pid: pid.number)
    return [pid.target for pid in pids if isinstance(pid.target, ControlBlock)]


def on_stage(kernel: Kernel) -> ControlBlock | None:
    """Return the record of the process whose code is running, from any thread."""
    stage = kernel.on_stage
    return stage if isinstance(stage, ControlBlock) else None


def turn_in(kernel: Kernel) -> object:
    """Return what is equal only as long as one process has the same turn."""
    stage = on_stage(kernel)
    if stage is None:
        return kernel.activity
    return (stage, stage.reductions, kernel.activity)


def waiting_in(block: ControlBlock) -> object:
    """Return the coroutine of a handler that waits, or None."""
    return None if block.suspension is None else block.suspension.coroutine


def kind_of(block: ControlBlock) -> str:
    """Return the class of its behaviour."""
    return type(block.behaviour).__name__
