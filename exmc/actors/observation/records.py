"""What observers read of the kernel and of the records of processes, in one place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exmc.actors.kernel.control_block import ControlBlock

if TYPE_CHECKING:
    from exmc.actors.kernel.kernel import Kernel
    from exmc.actors.pid import Pid


def living(kernel: Kernel) -> list[ControlBlock]:
    """Return the record of every living process, the oldest first."""
    pids = sorted(kernel.table, key=lambda pid: pid.number)
    return [pid.target for pid in pids if isinstance(pid.target, ControlBlock)]


def on_stage(kernel: Kernel) -> ControlBlock | None:
    """Return the record of the process whose code is running, from any thread."""
    if not hasattr(kernel, "on_stage"):
        return next((block for block in living(kernel) if block.running), None)
    stage = kernel.on_stage
    return stage if isinstance(stage, ControlBlock) else None


def turn_in(kernel: Kernel) -> object:
    """Return what is equal only as long as one process has the same turn."""
    stage = on_stage(kernel)
    if stage is None:
        return kernel.activity
    return (stage, reductions_of(stage), kernel.activity)


def reductions_of(block: ControlBlock) -> int:
    """Return how many messages it has handled."""
    return int(getattr(block, "reductions", 0))


def ancestors_of(block: ControlBlock) -> tuple[Pid, ...]:
    """Return who started it, who started that, and so on."""
    parents = () if block.parent is None else (block.parent,)
    return tuple(getattr(block, "ancestors", parents))


def waiting_in(block: ControlBlock) -> object:
    """Return the coroutine of a handler that waits, or None."""
    if not hasattr(block, "suspension"):
        return block.coroutine
    return getattr(block.suspension, "coroutine", None)


def kind_of(block: ControlBlock) -> str:
    """Return the class of its behaviour."""
    return type(block.behaviour).__name__
