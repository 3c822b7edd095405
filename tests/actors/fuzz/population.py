"""Who lives in a storm, and who starts them again."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress

from exmc.actors import (
    CallError,
    ChildError,
    ChildSpec,
    DynamicSupervisor,
    Pid,
    Runtime,
    StartError,
    Supervisor,
    TaskSupervisor,
    send_exit,
    start,
    start_child,
    whereis,
)
from exmc.actors.pid import Shutdown
from exmc.actors.supervision.strategy import Strategy
from tests.actors.fuzz.actor import Actor
from tests.actors.fuzz.kinds import KINDS
from tests.actors.fuzz.ledger import Channel
from tests.actors.fuzz.world import World

MANY = 1 << 60
GROUP = 4
SHUTDOWNS: tuple[Shutdown | None, ...] = (None, "brutal_kill", "infinity", 0.001)


class Population:
    """The slots of a world, by who sees to it that they are not empty.

    Two fifths are started by their like; a tenth by a dynamic supervisor when they
    are found empty; half are permanent children of three kinds of supervisors.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        size = world.plan.people
        self.templates = [KINDS[n % len(KINDS)](world, n) for n in range(size)]
        self.loose = range(2 * size // 5)
        self.dynamic = range(self.loose.stop, size // 2)
        self.static = range(self.dynamic.stop, size)
        self.channels: dict[int, Channel] = {}
        nobody = Pid(-1)
        world.people[:] = [nobody] * size
        world.loose = self.templates[: self.loose.stop]

    async def move_in(self, runtime: Runtime) -> None:
        """Start everybody."""
        self.root = runtime.root.pid
        self.world.task_supervisor = await start(TaskSupervisor())
        supervisors = [
            ChildSpec(name, supervisor, args, name=name)
            for name, supervisor, args in self.supervisors()
        ]
        self.names = [str(spec.id) for spec in supervisors]
        await runtime.start(Supervisor(max_restarts=MANY), supervisors)
        while not all(pid.number >= 0 for pid in self.world.people):
            await self.fill_gaps()

    def supervisors(self) -> Iterable[tuple[str, Supervisor, tuple[object, ...]]]:
        """Their names, the templates, and the arguments of their inits."""
        slots = list(self.static)
        alone = len(slots) // 2
        yield "alone", Supervisor(max_restarts=MANY), (self.specs(slots[:alone]),)
        strategies: tuple[Strategy, ...] = ("one_for_all", "rest_for_one")
        for number, first in enumerate(range(alone, len(slots), GROUP)):
            together = Supervisor(strategies[number % 2], max_restarts=MANY)
            yield f"group {number}", together, (self.specs(slots[first:][:GROUP]),)
        yield "dynamic", DynamicSupervisor(max_restarts=MANY), ()

    def specs(self, slots: Iterable[int]) -> list[ChildSpec]:
        """What starts those in some slots."""
        return [
            ChildSpec(slot, self.templates[slot], shutdown=SHUTDOWNS[slot % 4])
            for slot in slots
        ]

    async def fill_gaps(self) -> None:
        """Start somebody in each slot that nobody else sees to."""
        people = self.world.people
        for slot in self.loose:
            if not people[slot].alive:
                with suppress(StartError):
                    await start(self.templates[slot])
        for spec in self.specs(self.dynamic):
            if not people[self.templates_slot(spec)].alive:
                with suppress(ChildError, CallError, StartError):
                    await start_child("dynamic", spec)

    @staticmethod
    def templates_slot(spec: ChildSpec) -> int:
        """The slot of a spec."""
        assert isinstance(spec.behaviour, Actor)
        return spec.behaviour.slot

    def lose_a_supervisor(self) -> None:
        """Kill one; the one above starts it again."""
        if not self.world.is_peaceful():
            name = self.names[self.world.below(len(self.names))]
            victim = whereis(name)
            if victim is not None:
                send_exit(victim, "kill")

    def stir(self, hops: int) -> None:
        """Send each of the population a message to pass on."""
        for slot, pid in enumerate(self.world.people):
            channel = self.channels.get(slot)
            if channel is None or channel.to is not pid:
                channel = self.world.ledger.open(self.root, pid, slot, slot % 2)
                self.channels[slot] = channel
            self.world.post(channel, hops)

    def audit(self, living: Iterable[Pid]) -> None:
        """Check that everybody lives who is to, and nobody else."""
        ledger, people = self.world.ledger, self.world.people
        for slot in self.static:
            if not people[slot].alive:
                ledger.fault("wrong lives", f"slot {slot} was not started again")
        for pid in living:
            life = ledger.lives[pid]
            stray = life.kind == "TaskProcess"
            if stray or (life.slot is not None and people[life.slot] is not pid):
                ledger.fault("wrong lives", f"{life} should have ended")
