"""The workloads on xoscar, in one pool without processes of its own."""

from __future__ import annotations

import asyncio
import itertools
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import xoscar
from actor_sides.workload import TIMEOUT, Finish, Side, cpu

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from actor_sides.workload import Run

numbers = itertools.count()
finishes: dict[str, Finish] = {}
"""What an actor is not to be sent, since a message may be serialized."""


class Echo(xoscar.Actor):
    """Answers, and takes messages; the one that is not None is its sender's last."""

    def ask(self, request: int) -> int:
        """Give back what was asked."""
        return request

    def take(self, message: str | None) -> None:
        """Take one."""
        if message is not None:
            finishes[message].one()


class Source(xoscar.Actor):
    """Sends many messages to one."""

    def __init__(self, sink: Any) -> None:
        super().__init__()
        self.sink = sink

    async def send(self, number: int, finish: str) -> None:
        """Send so many."""
        for _ in range(number - 1):
            await self.sink.take.tell(None)
        await self.sink.take.tell(finish)


class Node(xoscar.Actor):
    """Passes a number on, one less each time."""

    def follow(self, following: Any) -> None:
        """Learn who is next."""
        self.next = following

    async def take(self, number: int, finish: str) -> None:
        """Pass a number on."""
        if number:
            await self.next.take.tell(number - 1, finish)
        else:
            finishes[finish].one()


class Place:
    """Where actors are made."""

    address = ""


@asynccontextmanager
async def opened() -> AsyncGenerator[None]:
    """Open a pool."""
    pool = await xoscar.create_actor_pool("127.0.0.1", n_process=0)
    Place.address = pool.external_address
    yield
    await pool.stop()


async def make(kind: type[xoscar.Actor], *args: object) -> Any:
    """Make an actor."""
    return await xoscar.create_actor(
        kind, *args, address=Place.address, uid=str(next(numbers))
    )


async def end(actors: list[Any]) -> None:
    """End actors."""
    for actor in actors:
        await xoscar.destroy_actor(actor)


@asynccontextmanager
async def spawning(_: int) -> AsyncGenerator[Run]:
    """Start actors."""

    async def run(number: int) -> float:
        before = cpu()
        actors = [await make(Echo) for _ in range(number)]
        seconds = cpu() - before
        await end(actors)
        return seconds

    yield run


@asynccontextmanager
async def one_to_one(_: int) -> AsyncGenerator[Run]:
    """Send to one actor."""
    finish, sink = Finish(), await make(Echo)
    finishes["one"] = finish

    async def run(number: int) -> float:
        done, before = finish.expect(), cpu()
        for _ in range(number):
            await sink.take.tell(None)
        await sink.take.tell("one")
        await done
        return cpu() - before

    yield run
    await end([sink])


@asynccontextmanager
async def ring(size: int) -> AsyncGenerator[Run]:
    """Pass a number round."""
    finish, nodes = Finish(), [await make(Node) for _ in range(size)]
    finishes["ring"] = finish
    for node, following in zip(nodes, nodes[1:] + nodes[:1], strict=True):
        await node.follow(following)

    async def run(number: int) -> float:
        done, before = finish.expect(), cpu()
        await nodes[0].take.tell(number, "ring")
        await done
        return cpu() - before

    yield run
    await end(nodes)


@asynccontextmanager
async def fan_in(size: int) -> AsyncGenerator[Run]:
    """Send from many actors to one."""
    finish, sink = Finish(), await make(Echo)
    finishes["fan-in"] = finish
    sources = [await make(Source, sink) for _ in range(size)]

    async def run(number: int) -> float:
        done, before = finish.expect(size), cpu()
        for each in sources:
            await each.send.tell(number // size, "fan-in")
        await done
        return cpu() - before

    yield run
    await end([*sources, sink])


@asynccontextmanager
async def calls(_: int) -> AsyncGenerator[Run]:
    """Ask one actor again and again, for as long as it takes."""
    echo = await make(Echo)

    async def run(number: int) -> float:
        before = cpu()
        for n in range(number):
            await echo.ask(n)
        return cpu() - before

    yield run
    await end([echo])


@asynccontextmanager
async def timed_calls(_: int) -> AsyncGenerator[Run]:
    """Ask one actor again and again, with a timeout."""
    echo = await make(Echo)

    async def run(number: int) -> float:
        before = cpu()
        for n in range(number):
            async with asyncio.timeout(TIMEOUT):
                await echo.ask(n)
        return cpu() - before

    yield run
    await end([echo])


async def idle(number: int) -> list[Any]:
    """Start actors that nobody has sent anything to."""
    return [await make(Echo) for _ in range(number)]


SIDE = Side(
    "xoscar",
    1000,
    opened,
    {
        "spawn": spawning,
        "start": spawning,
        "one-to-one": one_to_one,
        "ping-pong": ring,
        "ring": ring,
        "fan-in": fan_in,
        "call": calls,
        "call, timeout": timed_calls,
    },
    idle,
)
