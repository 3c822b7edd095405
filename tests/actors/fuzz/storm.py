"""A storm: a population that talks, waits and dies, until enough of each has been.

`run` gives the ledger of one, closed: whatever the runtime lost, doubled, told twice
or left behind is in its faults.
"""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable, Coroutine, Generator, Iterable
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from exmc.actors import (
    LoopClock,
    Runtime,
    VirtualClock,
    send_exit,
    telemetry,
)
from exmc.actors.events import EXIT, GIVE_UP, RESTART, SPAWN
from exmc.actors.testing import RandomOrder, broken_invariants, wait_until_idle
from exmc.actors.testing.leaks import open_descriptors
from tests.actors.fuzz.acts import ACTS
from tests.actors.fuzz.audit import audit
from tests.actors.fuzz.counted_clock import CountedClock
from tests.actors.fuzz.ledger import Ledger
from tests.actors.fuzz.population import Population
from tests.actors.fuzz.world import Plan, World

HOPS = 100
"""How often a message is passed on, if all that get it live."""

PATIENCE = 30.0
"""Seconds of wall time after which a storm that does not calm down is stuck."""


@dataclass(frozen=True)
class Weather:
    """What a storm runs on.

    Attributes:
        virtual: The clock moves only when nothing else does.
        order: Seed of the order in which processes run; None for first come.
    """

    loop: Callable[[], asyncio.AbstractEventLoop]
    virtual: bool = True
    order: int | None = None


def run(plan: Plan, weather: Weather) -> Ledger:
    """Let a storm rage, and close its ledger."""
    with asyncio.Runner(loop_factory=weather.loop) as runner:
        ledger, behaviours = runner.run(raging(plan, weather))
    ledger.close()
    # Its context, in which the root of the runtime has run, goes too.
    del runner
    gc.collect()
    kept = [type(behaviour).__name__ for behaviour in behaviours]
    count_left(ledger, "leaked objects", kept)
    return ledger


async def raging(plan: Plan, weather: Weather) -> tuple[Ledger, Iterable[object]]:
    """Let a storm rage, and look for what it leaves."""
    loop = asyncio.get_running_loop()
    tasks, descriptors = asyncio.all_tasks(), open_descriptors()
    clock = VirtualClock() if weather.virtual else CountedClock(loop)
    world = World(plan, clock, ACTS)
    loop.set_exception_handler(
        lambda _, context: world.ledger.fault("complaints", context)
    )
    order = None if weather.order is None else RandomOrder(weather.order)
    runtime = Runtime(clock, scheduling=order)
    with listening(world):
        async with runtime:
            await all_of_it(world, runtime)
            kernel = runtime.kernel
    await LoopClock(loop).sleep(0.0)
    ledger = world.ledger
    count_left(ledger, "leaked tasks", asyncio.all_tasks() - tasks)
    count_left(ledger, "leaked timers", pending(clock))
    opened = open_descriptors().items() - descriptors.items()
    count_left(ledger, "leaked descriptors", opened)
    count_left(ledger, "leaked processes", [p for p in kernel.table if p.number])
    count_left(ledger, "leaked names", list(kernel.names.names()))
    for life in ledger.lives.values():
        if len(life.ends) != 1:
            ledger.fault("wrong lives", f"{len(life.ends)} ends: {life}")
    return ledger, world.behaviours


def count_left(ledger: Ledger, kind: str, left: object) -> None:
    """Note what is left behind."""
    found = list(left)  # type: ignore[call-overload]
    if found:
        ledger.fault(kind, found[:3], len(found))


def pending(clock: VirtualClock | CountedClock) -> list[object]:
    """The timers that are neither fired nor cancelled."""
    return list(clock.pending())


@contextmanager
def listening(world: World) -> Generator[None, None, None]:
    """Let the ledger hear of each start and each end of a process."""

    def hear(
        event: telemetry.Event,
        _measured: telemetry.Measurements,
        known: telemetry.Metadata,
        _config: object,
    ) -> None:
        if event == SPAWN:
            world.born(known["pid"], known["kind"])
        elif event == EXIT:
            world.died(known["pid"], known["reason"])
        else:
            world.ledger.counts[event[-1]] += 1

    name = f"storm {id(world)}"
    telemetry.attach_many(name, [SPAWN, EXIT, RESTART, GIVE_UP], hear)
    try:
        yield
    finally:
        if not telemetry.detach(name):
            world.ledger.fault("complaints", "the ledger's own listener failed")


async def all_of_it(world: World, runtime: Runtime) -> None:
    """Let waves of messages go through the population, until it is enough."""
    witness_losses(world.ledger, runtime)
    population = Population(world)
    await in_time(world, population.move_in(runtime))
    while not (world.settled() or world.ledger.faults["stuck"]):
        await in_time(world, population.fill_gaps())
        population.lose_a_supervisor()
        population.stir(HOPS)
        await calm(world, runtime)
    await calm(world, runtime)
    audit(world.ledger)
    population.audit(runtime.processes)
    for text in broken_invariants(runtime.kernel):
        world.ledger.fault("broken invariants", text)
    count_left(world.ledger, "leaked timers", pending(world.clock))  # type: ignore[arg-type]
    if world.ledger.faults["stuck"]:
        # They would not leave.
        for pid in runtime.processes:
            send_exit(pid, "kill")


async def in_time(world: World, what: Coroutine[Any, Any, None]) -> None:
    """Await something; a virtual clock is moved on as far as that takes."""
    if not isinstance(world.clock, VirtualClock):
        await what
        return
    doing = asyncio.ensure_future(what)
    await world.clock.jump_until(doing)
    doing.result()


def witness_losses(ledger: Ledger, runtime: Runtime) -> None:
    """Let the ledger know what lies in the mailbox of a process that ends."""
    kernel = runtime.kernel
    lose = kernel.lose

    def witnessed(mailbox: object, reason: object) -> None:
        ledger.unread(iter(mailbox))  # type: ignore[call-overload]
        lose(mailbox, reason)  # type: ignore[arg-type]

    vars(kernel)["lose"] = witnessed


async def calm(world: World, runtime: Runtime) -> None:
    """Wait until nothing moves any more, and no timer could move it."""
    loop, clock = asyncio.get_running_loop(), world.clock
    late = loop.time() + PATIENCE
    while True:
        await wait_until_idle(runtime)
        if not pending(clock) and not world.ledger.inside:  # type: ignore[arg-type]
            return
        hopeless = isinstance(clock, VirtualClock) and not pending(clock)
        if hopeless or loop.time() > late:
            world.ledger.fault("stuck", f"{world.ledger.inside} handlers wait")
            return
        if isinstance(clock, VirtualClock):
            await clock.advance(0.01)
        else:
            await LoopClock(loop).sleep(0.001)
