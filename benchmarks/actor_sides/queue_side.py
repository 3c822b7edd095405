"""The workloads on an asyncio.Queue and a Task each."""

from __future__ import annotations

import asyncio
from asyncio import Queue, Task
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, TypeAlias

from actor_sides.workload import BATCH, TIMEOUT, Finish, Side, cpu

from exmc.actors.clock import Turn

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Coroutine

    from actor_sides.workload import Run

Requests: TypeAlias = "Queue[tuple[int, asyncio.Future[int]]]"


async def sink(messages: Queue[Finish | None]) -> None:
    """Take messages; the one that is not None is the last of its sender."""
    while True:
        message = await messages.get()
        if message is not None:
            message.one()


async def source(orders: Queue[tuple[int, Finish]], to: Queue[Finish | None]) -> None:
    """Send many messages to one."""
    while True:
        number, finish = await orders.get()
        for _ in range(number - 1):
            to.put_nowait(None)
        to.put_nowait(finish)


async def node(mine: Queue[int], following: Queue[int], finish: Finish) -> None:
    """Pass a number on, one less each time."""
    while True:
        message = await mine.get()
        if message:
            following.put_nowait(message - 1)
        else:
            finish.one()


async def serve(requests: Requests) -> None:
    """Answer."""
    while True:
        request, answer = await requests.get()
        if not answer.done():
            answer.set_result(request)


async def ask(requests: Requests, request: int) -> int:
    """Ask, and wait for as long as it takes."""
    answer: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    requests.put_nowait((request, answer))
    return await answer


async def ask_in_time(requests: Requests, request: int) -> int:
    """Ask, with a timeout."""
    answer: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    requests.put_nowait((request, answer))
    async with asyncio.timeout(TIMEOUT):
        return await answer


async def end(tasks: list[Task[None]]) -> None:
    """End tasks."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


@asynccontextmanager
async def opened() -> AsyncGenerator[None]:
    """Have what asyncio has."""
    yield


@asynccontextmanager
async def during(*bodies: Coroutine[Any, Any, None]) -> AsyncGenerator[None]:
    """Run tasks, which wait for messages when this begins."""
    tasks = [asyncio.create_task(body) for body in bodies]
    await Turn()
    yield
    await end(tasks)


@asynccontextmanager
async def spawning(_: int) -> AsyncGenerator[Run]:
    """Start tasks; each has begun to wait for messages."""

    async def run(number: int) -> float:
        before = cpu()
        queues = [Queue[Finish | None]() for _ in range(number)]
        tasks = [asyncio.create_task(sink(queue)) for queue in queues]
        await Turn()
        seconds = cpu() - before
        await end(tasks)
        return seconds

    yield run


@asynccontextmanager
async def one_to_one(_: int) -> AsyncGenerator[Run]:
    """Send to one task."""
    finish, queue = Finish(), Queue[Finish | None]()

    async def run(number: int) -> float:
        done, before = finish.expect(), cpu()
        for _ in range(number // BATCH):
            for _ in range(BATCH):
                queue.put_nowait(None)
            await Turn()
        queue.put_nowait(finish)
        await done
        return cpu() - before

    async with during(sink(queue)):
        yield run


@asynccontextmanager
async def ring(size: int) -> AsyncGenerator[Run]:
    """Pass a number round."""
    finish, queues = Finish(), [Queue[int]() for _ in range(size)]
    pairs = zip(queues, queues[1:] + queues[:1], strict=True)

    async def run(number: int) -> float:
        done, before = finish.expect(), cpu()
        queues[0].put_nowait(number)
        await done
        return cpu() - before

    async with during(*(node(mine, following, finish) for mine, following in pairs)):
        yield run


@asynccontextmanager
async def fan_in(size: int) -> AsyncGenerator[Run]:
    """Send from many tasks to one."""
    finish, to = Finish(), Queue[Finish | None]()
    orders = [Queue[tuple[int, Finish]]() for _ in range(size)]

    async def run(number: int) -> float:
        done, before = finish.expect(size), cpu()
        for queue in orders:
            queue.put_nowait((number // size, finish))
        await done
        return cpu() - before

    async with during(sink(to), *(source(queue, to) for queue in orders)):
        yield run


@asynccontextmanager
async def calls(_: int) -> AsyncGenerator[Run]:
    """Ask one task again and again, for as long as it takes."""
    requests: Requests = Queue()

    async def run(number: int) -> float:
        before = cpu()
        for n in range(number):
            await ask(requests, n)
        return cpu() - before

    async with during(serve(requests)):
        yield run


@asynccontextmanager
async def timed_calls(_: int) -> AsyncGenerator[Run]:
    """Ask one task again and again, with a timeout."""
    requests: Requests = Queue()

    async def run(number: int) -> float:
        before = cpu()
        for n in range(number):
            await ask_in_time(requests, n)
        return cpu() - before

    async with during(serve(requests)):
        yield run


async def idle(number: int) -> list[object]:
    """Start tasks that nobody has sent anything to."""
    queues = [Queue[Finish | None]() for _ in range(number)]
    tasks = [asyncio.create_task(sink(queue)) for queue in queues]
    await Turn()
    return [queues, tasks]


SIDE = Side(
    "Queue + Task",
    100_000,
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
        "timed beside bare": calls,
    },
    idle,
)
