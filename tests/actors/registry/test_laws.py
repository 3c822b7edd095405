"""What must hold of registries while processes come, go, die and are restarted."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from functools import partial
from random import Random

import pytest

from exmc.actors import (
    AlreadyRegisteredError,
    Pid,
    PubSub,
    Reason,
    Registry,
    Runtime,
    Via,
    send_exit,
    start,
    whereis,
)
from exmc.actors.kernel.control_block import ControlBlock
from exmc.actors.process.here import find
from exmc.actors.registry import registry as registry_module
from exmc.actors.registry.owners import Owners
from tests.actors.registry.members import Member, within
from tests.actors.scenario import LOOPS, run_on

KEYS = ("a", "b", "c")


class Witness:
    """Looks the registries up at the moment when it is told of a death."""

    def __init__(self, world: World, pid: Pid) -> None:
        self.world, self.pid = world, pid
        assert pid.target is not None
        pid.target.add_watcher(self)

    def down(self, reason: Reason) -> None:
        self.world.deaths.append(reason)
        kernel = self.world.rt.kernel
        for name in ("unique", "many"):
            if find(kernel, name) is not None:
                assert Registry.keys(name, self.pid) == ()


@dataclass
class World:
    """What was done to two registries, in plain lists.

    Attributes:
        taken: Who registered a unique key last.
        topics: Who subscribed, as often as they did.
        deaths: The reasons that witnesses have seen.
    """

    rt: Runtime
    rng: Random
    pids: list[Pid] = field(default_factory=list)
    taken: dict[Hashable, Pid] = field(default_factory=dict)
    topics: dict[Hashable, list[Pid]] = field(
        default_factory=lambda: {key: [] for key in KEYS}
    )
    deaths: list[Reason] = field(default_factory=list)

    async def born(self) -> Pid:
        pid = await start(Member, "unique")
        Witness(self, pid)
        return pid

    async def live(self, steps: int) -> None:
        self.pids = [await self.born() for _ in range(5)]
        for _ in range(steps):
            pid, key = self.rng.choice(self.pids), self.rng.choice(KEYS)
            await self.rng.choice(
                [self.take, self.take, self.give, self.listen, self.leave, self.die]
            )(pid, key)
            self.agree()

    async def take(self, pid: Pid, key: Hashable) -> None:
        refused = await within(pid, partial(Registry.register, "unique", key))
        free = key not in self.taken or not self.taken[key].alive
        assert (refused is None) == free
        assert free or isinstance(refused, AlreadyRegisteredError)
        if free:
            self.taken[key] = pid

    async def give(self, pid: Pid, key: Hashable) -> None:
        await within(pid, partial(Registry.unregister, "unique", key))
        if self.taken.get(key) is pid:
            del self.taken[key]

    async def listen(self, pid: Pid, key: Hashable) -> None:
        await within(pid, partial(PubSub.subscribe, "many", key))
        self.topics[key].append(pid)

    async def leave(self, pid: Pid, key: Hashable) -> None:
        await within(pid, partial(PubSub.unsubscribe, "many", key))
        self.topics[key] = [p for p in self.topics[key] if p is not pid]

    async def die(self, pid: Pid, _key: Hashable) -> None:
        send_exit(pid, "kill")
        self.pids[self.pids.index(pid)] = await self.born()

    def agree(self) -> None:
        living = {key: pid for key, pid in self.taken.items() if pid.alive}
        assert {key: whereis(Via("unique", key)) for key in living} == living
        assert Registry.count("unique") == len(living)
        for key in KEYS:
            expected = sorted(p.number for p in self.topics[key] if p.alive)
            found = PubSub.subscribers("many", key)
            assert sorted(pid.number for pid in found) == expected


async def laws(rt: Runtime, seed: int) -> None:
    """Live at random and compare the registries with plain lists at each step."""
    await rt.start(Registry("unique"))
    await rt.start(PubSub("many"))
    world = World(rt, Random(seed))  # noqa: S311 (chance for a test)
    await world.live(60)
    assert len(world.deaths) > 5


@pytest.mark.parametrize("loop", sorted(LOOPS))
@pytest.mark.parametrize("seed", range(3))
def test_registries_know_the_living_and_no_others(loop: str, seed: int) -> None:
    run_on(loop, lambda rt: laws(rt, seed))


class Late(Owners):
    """Broken: entries go when the death has been seen already."""

    def add(self, owner: ControlBlock, key: Hashable, value: object) -> Pid | None:
        def later() -> None:
            owner.kernel.loop.call_soon(self.entries.drop, owner.pid)

        owner.hold(self._ref, later)
        return self.entries.add(key, owner.pid, value)


def test_a_registry_that_cleans_up_later_breaks_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(registry_module, "Owners", Late)
    with pytest.raises(AssertionError):
        run_on("asyncio", lambda rt: laws(rt, 0))
