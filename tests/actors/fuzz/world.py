"""Where the processes of a storm live: chance, the population, and the ledger."""

from __future__ import annotations

import itertools
import random
import weakref
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from exmc.actors import Clock, Pid, VirtualClock, send
from exmc.actors.clock import Turn
from tests.actors.fuzz.ledger import Channel, Ledger, Life, Numbered, plain

if TYPE_CHECKING:
    from tests.actors.fuzz.actor import Actor, Now


@dataclass(frozen=True)
class Plan:
    """How large a storm is.

    Attributes:
        messages: Numbered messages to be handled.
        deaths: Processes of the population to end meanwhile.
        people: The population.
        seed: Of all that is left to chance.
        unrest: The share of messages at which a process does something besides
            passing it on; more than the deaths need.
    """

    messages: int
    deaths: int
    people: int = 200
    seed: int = 0
    unrest: float = 0.04


class World:
    """What all processes of one storm share.

    Attributes:
        people: Who stands in each slot of the population, alive or dead.
        loose: Templates of those whom any process may start.
        slack: Seconds by which a timer may be early; uvloop rounds to milliseconds.
        behaviours: The objects of processes, as long as anything holds them.
    """

    def __init__(self, plan: Plan, clock: Clock, acts: Acts) -> None:
        chance = random.Random(plan.seed)  # noqa: S311 (no secret)
        self.plan = plan
        self.clock = clock
        self.ledger = Ledger()
        self.people: list[Pid] = []
        self.loose: list[Actor] = []
        self.task_supervisor: Pid | None = None
        self.behaviours: weakref.WeakSet[Any] = weakref.WeakSet()
        self.random = chance.random
        self.unrest = plan.unrest
        self.number = itertools.count().__next__
        self.slack = 1e-9 if isinstance(clock, VirtualClock) else 0.002
        self._acts = acts

    # Chance

    def below(self, limit: int) -> int:
        """A number from 0 to below a limit."""
        return int(self.random() * limit)

    def moment(self) -> float:
        """A few milliseconds."""
        return self.random() * 0.004

    async def nap(self) -> None:
        """Wait for a moment, or for one turn of the loop."""
        if self.below(2):
            await Turn()
        else:
            await self.clock.sleep(self.moment())

    # Deeds

    def post(self, channel: Channel, hops: int) -> None:
        """Send a message along a channel; what is sent to the dead must vanish."""
        to = channel.to
        if to.target is None:
            self.ledger.to_the_dead += 1
            send(to, Numbered(channel, -1, 0))
            return
        number = channel.sent
        channel.sent = number + 1
        if hops & 1:
            send(to, Numbered(channel, number, hops))
        else:
            to.send(Numbered(channel, number, hops))

    def act(self, actor: Actor) -> Now:
        """Let a process do something, which is fatal if too few have died."""
        acts = self._acts.calm if self.is_peaceful() else self._acts.fatal
        done: Now = acts[self.below(len(acts))](actor)
        return done

    def is_peaceful(self) -> bool:
        """Tell whether enough have died for so many messages."""
        plan, ledger = self.plan, self.ledger
        return ledger.deaths * plan.messages >= plan.deaths * ledger.handled

    def vacancy(self) -> Actor | None:
        """The template of somebody who is dead and may be started by anybody."""
        template = self.loose[self.below(len(self.loose))]
        return None if self.people[template.slot].alive else template

    # What the runtime tells

    def born(self, pid: Pid, kind: str) -> None:
        """Note a new process; it takes its place in the population."""
        life = Life(pid, kind)
        if pid in self.ledger.lives:
            self.ledger.fault("wrong lives", f"{pid} was born twice")
        self.ledger.lives[pid] = life
        self.ledger.counts["processes"] += 1
        behaviour = getattr(pid.target, "behaviour", None)
        self.behaviours.add(behaviour)
        life.trapping = getattr(behaviour, "trap_exit", False)
        life.slot = getattr(behaviour, "slot", None)
        life.in_order = getattr(behaviour, "in_order", False)
        if life.slot is not None:
            self.people[life.slot] = pid

    def died(self, pid: Pid, reason: Any) -> None:
        """Note the end of a process."""
        life = self.ledger.lives[pid]
        life.ends.append(plain(reason))
        self.ledger.deaths += life.slot is not None
        if len(life.ends) > 1:
            self.ledger.fault("wrong lives", f"{pid} has died twice: {life}")
        if isinstance(life.end, tuple) and isinstance(life.end[-1], str):
            self.ledger.fault("wrong lives", f"{life} should not have")

    def settled(self) -> bool:
        """Tell whether the storm has been large enough."""
        plan, ledger = self.plan, self.ledger
        return ledger.handled >= plan.messages and ledger.deaths >= plan.deaths


@dataclass(frozen=True)
class Acts:
    """What processes do; one that comes twice is done twice as often."""

    calm: tuple[Callable[[Any], Any], ...]
    fatal: tuple[Callable[[Any], Any], ...]
