"""The invariants of the runtime, under a random load of living and dying processes."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, field

import numpy as np
import pytest

from exmc.actors import (
    Down,
    GenServer,
    Pid,
    Reason,
    Ref,
    Runtime,
    cast,
    link,
    monitor,
    send,
    send_exit,
    start,
)
from exmc.actors.clock import Turn
from exmc.actors.kernel import control_block
from exmc.actors.kernel.mailbox import Mailbox
from exmc.actors.kernel.ties import Ties
from exmc.actors.testing import wait_until_idle
from tests.actors.scenario import LOOPS, advance, run_on


@dataclass(frozen=True)
class Numbered:
    """A message that says how many its sender sent to this receiver before it."""

    number: int


@dataclass
class Record:
    """What one process has seen."""

    sent: int = 0
    received: list[int] = field(default_factory=list)
    inside: int = 0
    overlaps: int = 0
    handled_after_death: int = 0


class Subject(GenServer):
    """Receives numbered messages, and does to each what its kind does."""

    def init(self, kind: str, record: Record, rt: Runtime) -> None:
        self.kind, self.record, self.clock = kind, record, rt.clock
        self.trap_exit = kind == "trapping"

    def handle_cast(self, other: Pid, /) -> None:
        link(other)

    async def handle_info(self, message: object, /) -> None:
        if not isinstance(message, Numbered):
            return
        self.record.overlaps += self.record.inside
        self.record.inside += 1
        self.record.received.append(message.number)
        try:
            await self.act(message.number)
        finally:
            self.record.inside -= 1

    async def act(self, number: int) -> None:
        match self.kind:
            case "turning":
                await Turn()
            case "sleeping":
                await self.clock.sleep(0.01)
            case "grouping":
                async with asyncio.TaskGroup() as group:
                    group.create_task(self.clock.sleep(0.01))
            case "crashing" if number % 7 == 6:
                raise ValueError(number)
            case "exiting" if number % 5 == 4:
                send_exit(self.pid, "shutdown")
            case "stubborn":
                try:
                    await self.clock.sleep(0.02)
                except asyncio.CancelledError:
                    await self.clock.sleep(0.02)
            case _:
                pass


KINDS = (
    "plain",
    "turning",
    "sleeping",
    "grouping",
    "crashing",
    "exiting",
    "stubborn",
    "trapping",
)


@dataclass
class World:
    """Processes, what was sent to them, and the monitors set on them."""

    rt: Runtime
    rng: np.random.Generator
    records: dict[Pid, Record] = field(default_factory=dict)
    monitors: dict[Ref, Pid] = field(default_factory=dict)

    async def populate(self, count: int) -> None:
        for _ in range(count):
            kind, record = str(self.rng.choice(KINDS)), Record()
            pid = await start(Subject, kind, record, self.rt)
            self.records[pid] = record
            self.monitors[monitor(pid)] = pid

    def living(self) -> list[Pid]:
        return [pid for pid in self.records if pid.alive]

    def somebody(self) -> Pid:
        living = self.living()
        return living[int(self.rng.integers(len(living)))]

    def talk(self) -> None:
        pid = self.somebody()
        record = self.records[pid]
        for _ in range(int(self.rng.integers(1, 20))):
            send(pid, Numbered(record.sent))
            record.sent += 1

    def strike(self) -> None:
        reason: Reason = str(self.rng.choice(["kill", "shutdown", "normal", "bad"]))
        send_exit(self.somebody(), reason)

    async def live(self, steps: int) -> None:
        for _ in range(steps):
            if len(self.living()) < 10:
                await self.populate(10)
            match int(self.rng.integers(12)):
                case 0:
                    self.strike()
                case 1:
                    await self.populate(1)
                case 2:
                    cast(self.somebody(), self.somebody())
                case 3:
                    await advance(self.rt, 0.01)
                case 4 | 5:
                    await Turn()
                case _:
                    self.talk()
        await advance(self.rt, 1000.0)
        await wait_until_idle(self.rt)


async def laws(rt: Runtime, seed: int, steps: int) -> None:
    """Live through a random life and check what must hold of it."""
    world = World(rt, np.random.Generator(np.random.PCG64(seed)))
    await world.populate(20)
    await world.live(steps)
    for pid, record in world.records.items():
        assert record.received == list(range(len(record.received)))
        assert record.overlaps == 0
        assert not pid.alive or len(record.received) == record.sent
    downs = [m.ref for m in rt.root.mailbox if isinstance(m, Down)]
    dead = [ref for ref, pid in world.monitors.items() if not pid.alive]
    assert Counter(downs) == Counter(dead)
    assert len(dead) > 5
    assert rt.kernel.run_queue.empty
    assert rt.kernel.abandoned == []


@pytest.mark.parametrize("loop", sorted(LOOPS))
@pytest.mark.parametrize("seed", range(5))
def test_the_invariants_hold_through_a_random_life(loop: str, seed: int) -> None:
    run_on(loop, lambda rt: laws(rt, seed, steps=300))


@pytest.mark.slow
@pytest.mark.timeout(60)
@pytest.mark.parametrize("loop", sorted(LOOPS))
def test_the_invariants_hold_through_a_long_random_life(loop: str) -> None:
    run_on(loop, lambda rt: laws(rt, 99, steps=5000))


class LastInFirstOut(Mailbox[object]):
    """A mailbox that hands out the latest message first."""

    def append(self, message: object, /) -> None:
        self.appendleft(message)


def test_a_runtime_whose_mailboxes_are_last_in_first_out_breaks_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(control_block, "Mailbox", LastInFirstOut)
    with pytest.raises(AssertionError):
        run_on("asyncio", lambda rt: laws(rt, 0, steps=300))


def test_a_runtime_that_tells_a_death_twice_breaks_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tell = Ties.cut

    def twice(ties: Ties, dead: Pid, reason: Reason) -> None:
        watchers = dict(ties.watchers)
        tell(ties, dead, reason)
        for watcher in watchers:
            watcher.down(reason)

    monkeypatch.setattr(Ties, "cut", twice)
    with pytest.raises(AssertionError):
        run_on("asyncio", lambda rt: laws(rt, 0, steps=300))
