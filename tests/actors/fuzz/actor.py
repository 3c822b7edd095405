"""What every process of a storm does with a message, whatever kind it is."""

from __future__ import annotations

from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any, TypeAlias

from exmc.actors import (
    Call,
    Down,
    Exit,
    NoReply,
    Pid,
    Ref,
    Reply,
    Stop,
    Timeout,
    TimerRef,
    noreply,
    reply,
    send,
    send_after,
    stop_with,
)
from exmc.actors.process.behaviour import Behaviour
from exmc.actors.process.here import here
from tests.actors.fuzz.ledger import Asked, Channel, Crash, Numbered, Rung
from tests.actors.fuzz.world import World

Result: TypeAlias = Stop | None
Now: TypeAlias = "Result | Coroutine[Any, Any, Result]"
Answer: TypeAlias = Reply | NoReply | Stop

FRIENDS = 8


@dataclass(slots=True, eq=False)
class Kept:
    """A call that somebody else, or its server later, is to answer."""

    caller: Call


class Actor(Behaviour):
    """Passes messages on, and now and then does something else.

    A template: each process is a copy.

    Args:
        world: Where it lives.
        slot: Its place in the population.
    """

    in_order = True
    circle: list[Channel] | None = None

    def __init__(self, world: World, slot: int) -> None:
        self.world = world
        self.slot = slot

    def settle_in(self) -> list[Channel]:
        """Choose those it talks to."""
        self.monitors: list[Ref] = []
        self.timers: list[tuple[TimerRef, Rung]] = []
        self.circle = [self.friend(lane % 2) for lane in range(FRIENDS)]
        return self.circle

    def friend(self, lane: int) -> Channel:
        """Begin to talk to somebody."""
        slot = self.world.below(len(self.world.people))
        return self.world.ledger.open(self.pid, self.world.people[slot], slot, lane)

    def tell(self, index: int, hops: int) -> None:
        """Send a message to a friend, who passes it on so often."""
        circle = self.circle or self.settle_in()
        channel = circle[index]
        if channel.to.target is None:
            channel = circle[index] = self.friend(channel.lane)
        self.world.post(channel, hops)

    def peer(self) -> Pid:
        """Anybody, alive or dead."""
        people = self.world.people
        return people[self.world.below(len(people))]

    # What comes

    def respond(self, message: object) -> Now:
        """Handle a message that asks for no answer."""
        if type(message) is not Numbered:
            return self.respond_to_others(message)
        world = self.world
        world.ledger.hear(message, self.pid)
        draw = world.random()
        if message.hops:
            self.tell(int(draw * 65536) % FRIENDS, message.hops - 1)
        return world.act(self) if draw < world.unrest else None

    def respond_to_others(self, message: object) -> Now:
        """Handle what comes rarely."""
        ledger = self.world.ledger
        match message:
            case Down(ref=ref, pid=pid, reason=reason):
                ledger.down(ref, pid, reason, self.pid)
            case Exit(pid=pid, reason=reason):
                ledger.exit(pid, reason, self.pid, order=is_superior(pid))
            case Rung():
                self.ring(message)
            case Kept(caller=caller):
                self.answer(caller)
            case Timeout():
                ledger.counts["idle timeouts"] += 1
            case _:
                ledger.fault("strays", f"{message!r} at {self.pid}")
        return None

    def ring(self, rung: Rung) -> None:
        """Note that a timer has fired."""
        rung.received += 1
        early = rung.due - self.world.clock.now() > self.world.slack
        if rung.to is not self.pid or rung.cancelled or rung.received > 1 or early:
            self.world.ledger.fault("wrong timers", f"{rung} at {self.pid}")

    # Calls

    def answer(self, caller: Call) -> Reply:
        """Answer a call; return what its handler may return."""
        asked = asked_by(caller)
        if asked.to is self.pid:
            self.note_answer(asked)
        caller.reply(asked.number)
        return reply(("again", asked.number))

    def answer_call(
        self, asked: Asked, caller: Call
    ) -> Answer | Coroutine[Any, Any, Answer]:
        """Handle a call in one of many ways."""
        asked.taken += 1
        if asked.taken > 1 or asked.to is not self.pid:
            self.world.ledger.fault("wrong calls", f"taken twice: {asked}")
        way = self.world.below(100)
        if way < 60:
            self.note_answer(asked)
            return reply(asked.number)
        if way < 70:
            return self.answer(caller)
        if way < 80:
            return self.answer_late(caller)
        if way < 95:
            self.put_off(way, caller)
            return noreply()
        return self.answer_and_end(asked)

    def note_answer(self, asked: Asked) -> None:
        """Note that the reply goes out now, unless the time is over."""
        now = self.world.clock.now() + self.world.slack
        in_time = asked.deadline is None or now < asked.deadline
        asked.answered |= in_time and not asked.ends

    async def answer_late(self, caller: Call) -> Answer:
        """Answer after a while, in which other messages wait."""
        with self.world.ledger.within("late answers"):
            await self.world.nap()
            self.answer(caller)
        return noreply()

    def put_off(self, way: int, caller: Call) -> None:
        """Let it be answered later, by somebody else, or never."""
        if way < 85:
            send_after(self.world.moment(), self.pid, Kept(caller))
        elif asked_by(caller).deadline is None:
            self.answer(caller)
        elif way < 90:
            send(self.peer(), Kept(caller))

    def answer_and_end(self, asked: Asked) -> Answer:
        """Answer with the last breath, or fail at it, if somebody has to die."""
        if not self.world.is_peaceful():
            if self.world.below(2):
                raise Crash(self.world.number())
            return stop_with(("left", self.world.number()))
        self.note_answer(asked)
        return reply(asked.number)

    def for_reports(self, state: dict[str, object]) -> dict[str, object]:
        """Show little: there are many crashes."""
        return {"slot": state.get("slot")}


def is_superior(pid: Pid) -> bool:
    """Tell whether a process may stop the running one: its parent, or the root."""
    me = here()
    return pid is me.parent or pid is me.lineage[-1]


def asked_by(caller: Call) -> Asked:
    """What a call asks."""
    assert isinstance(caller.request, Asked)
    return caller.request
