from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from exmc.actors import GenServer, Pid, Runtime, cast, send
from exmc.actors.clock import Turn, VirtualClock
from exmc.actors.kernel.control_block import ControlBlock
from exmc.actors.kernel.kernel import Kernel
from exmc.actors.kernel.state import DEAD, IDLE
from exmc.actors.observation.busy import (
    FIRST_CLEARING,
    TimedRunQueue,
    busy_of,
    measure,
)
from exmc.actors.observation.observer import observe
from exmc.actors.runtime import runtime
from exmc.actors.testing import wait_until_idle
from tests.actors.scenario import LOOPS, run_on, scenario


class Seconds:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class Standing:
    """A process as the run queue knows it."""

    def __init__(self) -> None:
        self.state = IDLE


def timed() -> tuple[TimedRunQueue, Seconds]:
    async def made() -> Kernel:
        loop = asyncio.get_running_loop()
        return Kernel(loop, VirtualClock(), ControlBlock.take_turn)

    kernel, clock = asyncio.run(made()), Seconds()
    measure(kernel, clock)
    queue: Any = kernel.run_queue
    return queue, clock


def test_a_process_is_busy_while_it_is_on_stage() -> None:
    queue, clock = timed()
    one: Any = Standing()
    two: Any = Standing()
    for process, seconds in ((one, 1.0), (two, 2.0), (None, 4.0), (one, 8.0)):
        queue.on_stage = process
        clock.now += seconds
    assert (queue.busy(one), queue.busy(two)) == (9.0, 2.0)
    assert queue.on_stage is one


def test_of_the_dead_nothing_is_remembered_for_long() -> None:
    queue, clock = timed()
    lasting: Any = Standing()
    for _ in range(5 * FIRST_CLEARING):
        mortal: Any = Standing()
        for process in (lasting, mortal):
            queue.on_stage = process
            clock.now += 1.0
        mortal.state = DEAD
    assert len(queue._seconds) <= FIRST_CLEARING + 1
    assert queue.busy(lasting) == 5.0 * FIRST_CLEARING


class Working(GenServer):
    """Works for as long as it is told, before and after it has waited."""

    def init(self, work: Callable[[float], None]) -> None:
        self.work = work
        self.work(0.25)

    def handle_cast(self, seconds: float, /) -> None:
        self.work(seconds)

    async def handle_info(self, seconds: float, /) -> None:
        self.work(seconds)
        await Turn()
        self.work(seconds)


def busy(rt: Runtime, pid: Pid) -> float | None:
    [found] = [info.busy_s for info in observe(rt.kernel) if info.pid is pid]
    return found


@pytest.mark.parametrize("loop", sorted(LOOPS))
def test_seconds_are_those_of_init_and_handlers_without_their_waiting(
    loop: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Seconds()

    def measuring(*args: Any) -> Kernel:
        kernel = Kernel(*args)
        measure(kernel, clock)
        return kernel

    def work(seconds: float) -> None:
        clock.now += seconds

    async def main(rt: Runtime) -> None:
        pid = await rt.start(Working, work)
        assert busy(rt, pid) == 0.25
        cast(pid, 1.0)
        send(pid, 2.0)
        await wait_until_idle(rt)
        assert busy(rt, pid) == 5.25
        clock.now += 60.0
        assert busy(rt, pid) == 5.25

    monkeypatch.setattr(runtime, "Kernel", measuring)
    run_on(loop, main)


@scenario
async def test_measuring_begins_with_the_runtime_or_not_at_all(rt: Runtime) -> None:
    with pytest.raises(RuntimeError, match="Busy times are measured from the start"):
        measure(rt.kernel, Seconds())


@scenario
async def test_who_does_not_measure_knows_nothing(rt: Runtime) -> None:
    pid = await rt.start(Working, print)
    assert busy(rt, pid) is None
    assert busy_of(rt.kernel, rt.root) is None
