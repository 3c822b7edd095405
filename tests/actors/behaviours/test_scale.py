"""Supervisors of very many children.

The law is OTP's own: a child may cost ten times as much among a hundred times as many.
A supervisor that looks at all its children for each costs a hundred times as much.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

import pytest

from exmc.actors import (
    ChildSpec,
    DynamicSupervisor,
    GenServer,
    Pid,
    Runtime,
    Supervisor,
    count_children,
    send_exit,
    start_child,
    stop,
    which_children,
)
from exmc.actors.supervision.children import Child
from tests.actors.behaviours.numbered import behaviour
from tests.actors.scenario import LOOPS

Life = Callable[[Runtime, Supervisor, int], Awaitable[None]]

MANY = 1 << 60


class Idle(GenServer):
    """A child that does nothing."""


async def begun(rt: Runtime, supervisor: Supervisor, number: int) -> Pid:
    """A supervisor with so many children."""
    if not isinstance(supervisor, DynamicSupervisor):
        return await rt.start(supervisor, [ChildSpec(n, Idle) for n in range(number)])
    pid, spec = await rt.start(supervisor), ChildSpec("idle", Idle)
    for _ in range(number):
        await start_child(pid, spec)
    return pid


async def start_and_stop(rt: Runtime, supervisor: Supervisor, number: int) -> None:
    """Start so many children, and stop them."""
    pid = await begun(rt, supervisor, number)
    assert (await count_children(pid)).active == number
    await stop(pid)
    assert rt.processes == ()


async def crash_storm(rt: Runtime, supervisor: Supervisor, number: int) -> None:
    """Start so many children, and kill them all at once."""
    pid = await begun(rt, supervisor, number)
    before = [child.pid for child in await which_children(pid)]
    for child in before:
        assert isinstance(child, Pid)
        send_exit(child, "kill")
    after = [child.pid for child in await which_children(pid)]
    assert not set(before) & set(after)
    assert (await count_children(pid)).active == number


@contextmanager
def silence() -> Iterator[None]:
    """Log nothing: a test's log grows with the number of crashes."""
    logging.disable()
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)


def cpu_for_each(loop: str, life: Life, supervisor: Supervisor, number: int) -> float:
    """CPU seconds of one child's life among so many."""

    async def main() -> float:
        async with Runtime() as rt:
            before = time.process_time()
            await life(rt, supervisor, number)
            return (time.process_time() - before) / number

    with silence(), asyncio.Runner(loop_factory=LOOPS[loop]) as runner:
        return runner.run(main())


def assert_scales(
    loop: str, life: Life, kind: type[Supervisor], fewest: int, times: int = 100
) -> None:
    """Check that one child costs about the same among `times` as many."""

    def best_of(number: int, tries: int) -> float:
        return min(
            cpu_for_each(loop, life, kind(max_restarts=MANY), number)
            for _ in range(tries)
        )

    assert best_of(times * fewest, 1) < 10 * best_of(fewest, 5)


@behaviour(28)
@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("loop", sorted(LOOPS))
def test_the_start_and_the_stop_of_a_child_cost_the_same_among_100_000(
    loop: str,
) -> None:
    for kind in (Supervisor, DynamicSupervisor):
        assert_scales(loop, start_and_stop, kind, 1000)


@pytest.mark.slow
@pytest.mark.timeout(120)
@pytest.mark.parametrize("kind", [Supervisor, DynamicSupervisor])
def test_a_crash_costs_the_same_in_a_storm_of_10_000(kind: type[Supervisor]) -> None:
    assert_scales("uvloop", crash_storm, kind, 100)


class Looking(Supervisor):
    """Looks at all its children whenever it starts one."""

    async def start_child(self, child: Child) -> None:
        assert all(other.id != repr(other.id) for other in self.children)
        await super().start_child(child)


@pytest.mark.slow
@pytest.mark.timeout(120)
@pytest.mark.parametrize("life", [start_and_stop, crash_storm])
def test_a_supervisor_that_looks_at_all_its_children_does_not_scale(life: Life) -> None:
    with pytest.raises(AssertionError):
        assert_scales("uvloop", life, Looking, 50)
