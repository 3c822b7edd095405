"""The workloads on pykka: every actor is a thread."""

from __future__ import annotations

import threading
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pykka
from actor_sides.workload import TIMEOUT, Side, cpu

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from actor_sides.workload import Run


class Finish:
    """Known to the workers; done when so many of them have finished."""

    def __init__(self) -> None:
        self.left = 0
        self.done = threading.Event()
        self.lock = threading.Lock()

    def expect(self, number: int = 1) -> threading.Event:
        """Begin to count."""
        self.left = number
        self.done.clear()
        return self.done

    def one(self) -> None:
        """One has finished."""
        with self.lock:
            self.left -= 1
            if not self.left:
                self.done.set()


class Echo(pykka.ThreadingActor):
    """Answers."""

    def on_receive(self, message: Any) -> Any:
        """Give back what was asked."""
        return message


class Sink(pykka.ThreadingActor):
    """Takes messages; the one that is not None is the last of its sender."""

    def on_receive(self, message: Finish | None) -> None:
        """Take one."""
        if message is not None:
            message.one()


class Source(pykka.ThreadingActor):
    """Sends many messages to one."""

    def __init__(self, sink: Any) -> None:
        super().__init__()
        self.sink = sink

    def on_receive(self, message: tuple[int, Finish]) -> None:
        """Send so many."""
        number, finish = message
        for _ in range(number - 1):
            self.sink.tell(None)
        self.sink.tell(finish)


class Node(pykka.ThreadingActor):
    """Passes a number on, one less each time."""

    def __init__(self, finish: Finish) -> None:
        super().__init__()
        self.finish = finish

    def on_receive(self, message: Any) -> None:
        """Learn who is next, or pass a number on."""
        if not isinstance(message, int):
            self.next = message
        elif message:
            self.next.tell(message - 1)
        else:
            self.finish.one()


@asynccontextmanager
async def opened() -> AsyncGenerator[None]:
    """Have what pykka has."""
    yield
    pykka.ActorRegistry.stop_all()


def end(actors: list[Any]) -> None:
    """End actors."""
    for actor in actors:
        actor.stop(block=False)
    for actor in actors:
        actor.actor_stopped.wait()


@asynccontextmanager
async def spawning(_: int) -> AsyncGenerator[Run]:
    """Start actors."""

    async def run(number: int) -> float:
        before = cpu()
        actors = [Echo.start() for _ in range(number)]
        seconds = cpu() - before
        end(actors)
        return seconds

    yield run


@asynccontextmanager
async def one_to_one(_: int) -> AsyncGenerator[Run]:
    """Send to one actor."""
    finish, sink = Finish(), Sink.start()

    async def run(number: int) -> float:
        done, before = finish.expect(), cpu()
        for _ in range(number):
            sink.tell(None)
        sink.tell(finish)
        done.wait()
        return cpu() - before

    yield run
    end([sink])


@asynccontextmanager
async def ring(size: int) -> AsyncGenerator[Run]:
    """Pass a number round."""
    finish = Finish()
    nodes = [Node.start(finish) for _ in range(size)]
    for node, following in zip(nodes, nodes[1:] + nodes[:1], strict=True):
        node.tell(following)

    async def run(number: int) -> float:
        done, before = finish.expect(), cpu()
        nodes[0].tell(number)
        done.wait()
        return cpu() - before

    yield run
    end(nodes)


@asynccontextmanager
async def fan_in(size: int) -> AsyncGenerator[Run]:
    """Send from many actors to one."""
    finish, sink = Finish(), Sink.start()
    sources = [Source.start(sink) for _ in range(size)]

    async def run(number: int) -> float:
        done, before = finish.expect(size), cpu()
        for source in sources:
            source.tell((number // size, finish))
        done.wait()
        return cpu() - before

    yield run
    end([*sources, sink])


@asynccontextmanager
async def calls(_: int) -> AsyncGenerator[Run]:
    """Ask one actor again and again, for as long as it takes."""
    echo = Echo.start()

    async def run(number: int) -> float:
        before = cpu()
        for n in range(number):
            echo.ask(n)
        return cpu() - before

    yield run
    end([echo])


@asynccontextmanager
async def timed_calls(_: int) -> AsyncGenerator[Run]:
    """Ask one actor again and again, with a timeout."""
    echo = Echo.start()

    async def run(number: int) -> float:
        before = cpu()
        for n in range(number):
            echo.ask(n, timeout=TIMEOUT)
        return cpu() - before

    yield run
    end([echo])


async def idle(number: int) -> list[Any]:
    """Start actors that nobody has sent anything to."""
    return [Echo.start() for _ in range(number)]


SIDE = Side(
    "pykka",
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
