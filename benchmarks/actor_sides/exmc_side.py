"""The workloads on exmc.actors."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from actor_sides.workload import BATCH, TIMEOUT, Finish, Side, cpu

from exmc.actors import (
    GenServer,
    Pid,
    Runtime,
    call,
    cast,
    reply,
    send_exit,
    spawn,
    start,
)
from exmc.actors.clock import Turn

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from actor_sides.workload import Run


class Echo(GenServer):
    """Answers."""

    def handle_call(self, request: Any, _: object) -> Any:
        """Give back what was asked."""
        return reply(request)


class Begun(GenServer):
    """Has something to set up."""

    def init(self, number: int) -> None:
        """Keep a number."""
        self.number = number


class Sink(GenServer):
    """Takes messages; the one that is not None is the last of its sender."""

    def handle_info(self, message: Finish | None) -> None:
        """Take one."""
        if message is not None:
            message.one()


class Source(GenServer):
    """Sends many messages to one."""

    def init(self, sink: Pid) -> None:
        """Keep whom to send to."""
        self.sink = sink

    def handle_info(self, message: tuple[int, Finish]) -> None:
        """Send so many."""
        number, finish = message
        for _ in range(number - 1):
            self.sink.send(None)
        self.sink.send(finish)


class Node(GenServer):
    """Passes a number on, one less each time."""

    def init(self, finish: Finish) -> None:
        """Keep whom to tell."""
        self.finish = finish

    def handle_cast(self, following: Pid) -> None:
        """Learn who is next."""
        self.following = following

    def handle_info(self, number: int) -> None:
        """Pass a number on."""
        if number:
            self.following.send(number - 1)
        else:
            self.finish.one()


@asynccontextmanager
async def opened() -> AsyncGenerator[None]:
    """Run a runtime."""
    async with Runtime():
        yield


def kill(pids: list[Pid]) -> None:
    """End processes."""
    for pid in pids:
        send_exit(pid, "kill")


@asynccontextmanager
async def spawning(_: int) -> AsyncGenerator[Run]:
    """Start processes that wait for messages."""

    async def run(number: int) -> float:
        before = cpu()
        pids = [spawn(Echo) for _ in range(number)]
        await Turn()
        seconds = cpu() - before
        kill(pids)
        return seconds

    yield run


@asynccontextmanager
async def starting(_: int) -> AsyncGenerator[Run]:
    """Start processes with an argument; each start waits until the init has run."""

    async def run(number: int) -> float:
        before = cpu()
        pids = [await start(Begun, n) for n in range(number)]
        seconds = cpu() - before
        kill(pids)
        return seconds

    yield run


@asynccontextmanager
async def one_to_one(_: int) -> AsyncGenerator[Run]:
    """Send to one process."""
    finish, sink = Finish(), spawn(Sink)

    async def run(number: int) -> float:
        done, before = finish.expect(), cpu()
        for _ in range(number // BATCH):
            for _ in range(BATCH):
                sink.send(None)
            await Turn()
        sink.send(finish)
        await done
        return cpu() - before

    yield run
    kill([sink])


@asynccontextmanager
async def ring(size: int) -> AsyncGenerator[Run]:
    """Pass a number round."""
    finish = Finish()
    nodes = [await start(Node, finish) for _ in range(size)]
    for node, following in zip(nodes, nodes[1:] + nodes[:1], strict=True):
        cast(node, following)
    await Turn()

    async def run(number: int) -> float:
        done, before = finish.expect(), cpu()
        nodes[0].send(number)
        await done
        return cpu() - before

    yield run
    kill(nodes)


@asynccontextmanager
async def fan_in(size: int) -> AsyncGenerator[Run]:
    """Send from many processes to one."""
    finish, sink = Finish(), spawn(Sink)
    sources = [await start(Source, sink) for _ in range(size)]

    async def run(number: int) -> float:
        done, before = finish.expect(size), cpu()
        for source in sources:
            source.send((number // size, finish))
        await done
        return cpu() - before

    yield run
    kill([sink, *sources])


@asynccontextmanager
async def calls(_: int) -> AsyncGenerator[Run]:
    """Ask one process again and again, for as long as it takes."""
    echo = spawn(Echo)

    async def run(number: int) -> float:
        before = cpu()
        for n in range(number):
            await call(echo, n, timeout=None)
        return cpu() - before

    yield run
    kill([echo])


@asynccontextmanager
async def timed_calls(_: int) -> AsyncGenerator[Run]:
    """Ask one process again and again, with a timeout."""
    echo = spawn(Echo)

    async def run(number: int) -> float:
        before = cpu()
        for n in range(number):
            await call(echo, n, timeout=TIMEOUT)
        return cpu() - before

    yield run
    kill([echo])


async def idle(number: int) -> list[Pid]:
    """Start processes that nobody has sent anything to."""
    return [spawn(Echo) for _ in range(number)]


SIDE = Side(
    "exmc",
    1_000_000,
    opened,
    {
        "spawn": spawning,
        "start": starting,
        "one-to-one": one_to_one,
        "ping-pong": ring,
        "ring": ring,
        "fan-in": fan_in,
        "call": calls,
        "call, timeout": timed_calls,
        "timed beside bare": timed_calls,
    },
    idle,
)
