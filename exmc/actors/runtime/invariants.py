"""What is true of a kernel's data whenever no process's code is on the stack.

A runtime that breaks one of these has a bug, whatever its processes do.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from exmc.actors.kernel.control_block import ControlBlock
from exmc.actors.kernel.state import RUNNING, SUSPENDED
from exmc.actors.process.signals import Monitor

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exmc.actors.kernel.carrier import Runnable
    from exmc.actors.kernel.kernel import Kernel


def check_invariants(kernel: Kernel) -> None:
    """Check every invariant of a runtime. O(processes, links and monitors).

    Raises:
        AssertionError: One or more are broken; the message says which.
    """
    broken = broken_invariants(kernel)
    if broken:
        raise AssertionError("The runtime is broken: " + "; ".join(broken) + ".")


def broken_invariants(kernel: Kernel) -> tuple[str, ...]:
    """Say which invariants do not hold; none in a runtime that works."""
    ready = list(kernel.run_queue.ready)
    return tuple(
        chain(
            dead_in_the_table(kernel),
            queued_twice(ready),
            unheard(kernel, ready),
            out_of_step(kernel),
            names_astray(kernel),
            one_sided_links(kernel),
            forgotten_monitors(kernel),
            idle_carriers(kernel),
        )
    )


def living(kernel: Kernel) -> Iterator[ControlBlock]:
    """Give the record of every process in the table."""
    for pid in kernel.table:
        if isinstance(pid.target, ControlBlock):
            yield pid.target


def dead_in_the_table(kernel: Kernel) -> Iterator[str]:
    """Whoever is in the table lives, and whoever lives is not about to end."""
    for pid in kernel.table:
        if pid.target is None:
            yield f"{pid} is in the process table and dead"
    for block in living(kernel):
        if block.pid.target is not block:
            yield f"{block.pid} is another process's pid"
        if block.ending is not None:
            yield f"{block.pid} should have ended with {block.ending!r}"


def queued_twice(ready: list[Runnable]) -> Iterator[str]:
    """A process stands in the run queue once: it runs one handler at a time."""
    seen = set[int]()
    for process in ready:
        if id(process) in seen:
            yield f"{process} stands in the run queue twice"
        seen.add(id(process))


def unheard(kernel: Kernel, ready: list[Runnable]) -> Iterator[str]:
    """A process with messages is ready, or suspended in a handler; others are idle."""
    queued = {id(process) for process in ready}
    for block in living(kernel):
        waiting = block.state is SUSPENDED
        if block.mailbox and not waiting and id(block) not in queued:
            yield f"{block.pid} has {len(block.mailbox)} messages and is not ready"
        if not block.mailbox and not waiting and id(block) in queued:
            yield f"{block.pid} is ready and has no message"


def out_of_step(kernel: Kernel) -> Iterator[str]:
    """A process is suspended exactly if it has a handler that waits."""
    for block in living(kernel):
        if block.suspension is not None and block.state is not SUSPENDED:
            yield f"{block.pid} is not suspended and has a handler that waits"
        if block.state is RUNNING:
            yield f"{block.pid} runs, and its code is not on the stack"


def names_astray(kernel: Kernel) -> Iterator[str]:
    """A name belongs to a living process that knows it by that name."""
    for name in kernel.names.names():
        pid = kernel.names.whereis(name)
        block = None if pid is None else pid.target
        if not isinstance(block, ControlBlock) or block.name != name:
            yield f"the name {name!r} belongs to {pid}, which does not bear it"
    for block in living(kernel):
        if block.name is not None and kernel.names.whereis(block.name) != block.pid:
            yield f"{block.pid} bears the name {block.name!r} of another"


def one_sided_links(kernel: Kernel) -> Iterator[str]:
    """A link has two ends, both alive."""
    for block in living(kernel):
        for pid in block.links:
            other = pid.target
            if not isinstance(other, ControlBlock):
                yield f"{block.pid} is linked to {pid}, which is dead"
            elif block.pid not in other.links:
                yield f"{block.pid} is linked to {pid}, which does not know"


def forgotten_monitors(kernel: Kernel) -> Iterator[str]:
    """Whoever watches another is alive, and can take the monitor back."""
    for block in living(kernel):
        for watcher in block.watchers:
            if isinstance(watcher, Monitor) and not is_held(watcher):
                yield f"{watcher.ref} watches {block.pid} for nobody"


def is_held(watcher: Monitor) -> bool:
    """Tell whether a monitor's owner is alive and knows of it."""
    owner = watcher._owner  # noqa: SLF001 (only these checks look inside)
    return owner.pid.target is owner and watcher.ref in owner.holdings


def idle_carriers(kernel: Kernel) -> Iterator[str]:
    """Every carrier is a task that has not ended."""
    for carrier in kernel.run_queue.carriers:
        if carrier.done():
            yield f"{carrier.get_name()} has ended and is still counted"
