"""Whatever ends the interest in a stream kills the rest of it, and nothing is left."""

from __future__ import annotations

import asyncio
import gc
import threading
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Any

import pytest

from exmc.actors import (
    AsyncStream,
    CallError,
    ChildError,
    Exited,
    NoProcessError,
    Ok,
    Runtime,
    TaskError,
    TaskSupervisor,
    TaskTimeoutError,
    VirtualClock,
    async_stream,
    async_stream_nolink,
    call,
    send_exit,
    stop,
    task_children,
)
from exmc.actors.clock import Turn
from exmc.actors.process.here import here
from exmc.actors.testing import wait_until_idle
from tests.actors.scenario import LOOPS, advance, during, fails_with, scenario
from tests.actors.tasks.owners import Owner, Trapping, boom, forever, received


async def as_told(item: object) -> object:
    """Return at once, never, or not at all, as told."""
    if item == "crash":
        boom()
    return await forever() if item == "never" else item


async def endless() -> AsyncGenerator[object, None]:
    """An item that is there at once, and one that never comes."""
    yield "first"
    await forever()


def stream_of(*items: object, **options: Any) -> AsyncStream[object]:
    return async_stream(as_told, items, **{"max_concurrency": 4, **options})


def owns_nothing() -> bool:
    me, clock = here(), here().kernel.clock
    assert isinstance(clock, VirtualClock)
    left = me.links, me.watchers, me.holdings, clock.next_due()
    return not any(left) and not me.mailbox


# The consumer goes on without the stream


@scenario
async def test_leaving_the_loop_kills_the_rest(rt: Runtime) -> None:
    async for result in stream_of("first", "never", "never"):
        assert result == Ok("first")
        assert len(rt.processes) == 2
        break
    await wait_until_idle(rt)
    assert rt.processes == ()
    assert owns_nothing()


@scenario
async def test_leaving_the_loop_ends_the_wait_for_items(rt: Runtime) -> None:
    async for result in async_stream(as_told, endless(), max_concurrency=2):
        assert result == Ok("first")
        break
    await wait_until_idle(rt)
    assert rt.processes == ()
    assert owns_nothing()


@scenario
async def test_an_exception_in_the_loop_kills_the_rest_where_a_block_ends(
    rt: Runtime,
) -> None:
    async def consume() -> None:
        async with stream_of("first", "never") as stream:
            async for _ in stream:
                boom()

    await fails_with(ZeroDivisionError, consume())
    assert rt.processes == ()
    assert owns_nothing()


@scenario
async def test_a_generator_of_items_is_closed_with_the_stream(rt: Runtime) -> None:
    closed: list[str] = []

    def items() -> Any:
        try:
            yield from range(9)
        finally:
            closed.append("sync")

    async def async_items() -> Any:
        try:
            for number in range(9):
                yield number
        finally:
            await Turn()
            closed.append("async")

    for generator in (items(), async_items()):
        async with async_stream(as_told, generator, max_concurrency=2) as stream:
            assert await anext(stream) == Ok(0)
    assert closed == ["sync", "async"]
    assert rt.processes == ()


@scenario
async def test_a_closed_stream_gives_no_more(rt: Runtime) -> None:
    unbegun, begun = stream_of("first"), stream_of("first", "never")
    assert await anext(begun) == Ok("first")
    for stream in (unbegun, begun):
        await stream.aclose()
        await stream.aclose()
        assert [result async for result in stream] == []
    assert rt.processes == ()
    assert owns_nothing()


@scenario
async def test_a_cancelled_wait_kills_the_rest(rt: Runtime) -> None:
    stream = async_stream(as_told, endless(), max_concurrency=2)
    assert await anext(stream) == Ok("first")
    waiting = asyncio.ensure_future(anext(stream))
    await wait_until_idle(rt)
    waiting.cancel()
    await asyncio.wait({waiting})
    assert rt.processes == ()
    assert owns_nothing()
    assert [result async for result in stream] == []


@scenario
async def test_items_that_fail_end_the_stream(rt: Runtime) -> None:
    def items() -> Any:
        yield "never"
        boom()

    async def async_items() -> Any:
        yield "never"
        boom()

    for failing in (items(), async_items()):
        stream = async_stream(as_told, failing, max_concurrency=4)
        await fails_with(ZeroDivisionError, anext(stream))
        assert [result async for result in stream] == []
        assert rt.processes == ()
    assert owns_nothing()


@scenario
async def test_a_task_that_takes_too_long_ends_the_stream(rt: Runtime) -> None:
    stream = stream_of("never", "never")
    error = await during(rt, fails_with(TaskTimeoutError, anext(stream)), 4.9, 0.1)
    assert str(error).startswith("Task(as_told in <0.1> for <0.0>) has given no value")
    assert [result async for result in stream] == []
    assert rt.processes == ()
    assert owns_nothing()


@scenario
async def test_a_timeout_during_the_loop_is_raised_at_the_next_result(
    rt: Runtime,
) -> None:
    stream = stream_of("first", "never", "last")
    assert await anext(stream) == Ok("first")
    await advance(rt, 5.0)
    assert rt.processes == ()
    await fails_with(TaskTimeoutError, anext(stream))
    assert owns_nothing()


@scenario
async def test_a_supervisor_that_refuses_ends_the_stream(rt: Runtime) -> None:
    supervisor = await rt.start(TaskSupervisor(max_children=1))
    stream = stream_of("never", "never", supervisor=supervisor)
    await fails_with(ChildError, anext(stream))
    assert await task_children(supervisor) == ()
    await stop(supervisor)
    await fails_with(NoProcessError, anext(stream_of("x", supervisor=supervisor)))
    assert owns_nothing()


@scenario
async def test_tasks_that_their_supervisor_stops_are_results_without_a_link(
    rt: Runtime,
) -> None:
    supervisor = await rt.start(TaskSupervisor)
    stream = async_stream_nolink(supervisor, as_told, ["never"] * 2, max_concurrency=2)
    first = asyncio.ensure_future(anext(stream))
    await wait_until_idle(rt)
    await stop(supervisor)
    assert await first == Exited("shutdown")
    assert [result async for result in stream] == [Exited("shutdown")]
    assert owns_nothing()


# A task crashes


@scenario
async def test_a_crash_ends_the_consumer_with_the_same_reason(rt: Runtime) -> None:
    async def consume() -> None:
        async for _ in stream_of("never", "crash", "never"):
            pass

    error = await fails_with(CallError, call(await rt.start(Owner), consume))
    assert isinstance(error.reason[1], ZeroDivisionError)
    assert rt.processes == ()


@scenario
async def test_a_consumer_that_traps_exits_goes_on_and_gets_no_message(
    rt: Runtime,
) -> None:
    async def consume() -> list[object]:
        results = [result async for result in stream_of("first", "crash", "last")]
        return [*results, *await received()]

    results = await call(await rt.start(Trapping), consume)
    assert [results[0], results[2]] == [Ok("first"), Ok("last")]
    assert isinstance(results[1], Exited)
    assert len(results) == 3


@scenario
async def test_a_crash_is_raised_where_no_signal_ends_the_consumer(
    rt: Runtime,
) -> None:
    stream = stream_of("never", "crash")
    error = await fails_with(TaskError, anext(stream))
    assert isinstance(error.__cause__, ZeroDivisionError)
    assert [result async for result in stream] == []
    assert rt.processes == ()
    assert owns_nothing()


@scenario
async def test_a_task_that_ends_normally_without_a_value_ends_nobody(
    rt: Runtime,
) -> None:
    def leave(_: object) -> None:
        send_exit(here().pid, "normal")

    stream = async_stream(leave, [1], max_concurrency=1)
    assert [result async for result in stream] == [Exited("normal")]
    assert rt.processes == ()


# The consumer ends

KEPT: list[AsyncStream[object]] = []
"""Streams that somebody still refers to when their consumer has ended."""


async def waiting_for_a_result(stream: AsyncStream[object]) -> None:
    async for _ in stream:
        pass


async def waiting_for_something_else(stream: AsyncStream[object]) -> None:
    async for _ in stream:
        await forever()


async def crashing(stream: AsyncStream[object]) -> None:
    async for _ in stream:
        boom()


async def leaving(stream: AsyncStream[object]) -> None:
    async for _ in stream:
        send_exit(here().pid, "normal")


@pytest.mark.parametrize("supervised", [False, True])
@pytest.mark.parametrize("kept", [False, True])
@pytest.mark.parametrize(
    "consume", [waiting_for_a_result, waiting_for_something_else, crashing, leaving]
)
@scenario
async def test_the_end_of_the_consumer_kills_the_rest(
    rt: Runtime,
    consume: Callable[[AsyncStream[object]], Awaitable[None]],
    kept: bool,
    supervised: bool,
) -> None:
    supervisor = await rt.start(TaskSupervisor)
    others = [supervisor]

    async def work() -> None:
        under = supervisor if supervised else None
        stream = stream_of("first", "never", "never", supervisor=under)
        if kept:
            KEPT.append(stream)
        await consume(stream)

    consumer = await rt.start(Owner)
    calling = asyncio.ensure_future(fails_with(CallError, call(consumer, work)))
    await wait_until_idle(rt)
    if consumer.alive:
        assert len(rt.processes) == 4
        send_exit(consumer, "kill")
    assert list(rt.processes) == others
    await calling
    assert await task_children(supervisor) == ()
    KEPT.clear()


@scenario
async def test_the_end_of_the_consumer_ends_its_wait_for_items(rt: Runtime) -> None:
    async def consume() -> None:
        KEPT.append(async_stream(as_told, endless(), max_concurrency=2))
        await waiting_for_a_result(KEPT[0])

    consumer = await rt.start(Owner)
    calling = asyncio.ensure_future(fails_with(CallError, call(consumer, consume)))
    await wait_until_idle(rt)
    send_exit(consumer, "kill")
    await calling
    assert rt.processes == ()
    KEPT.clear()


# Nobody refers to the stream any more


@scenario
async def test_a_stream_may_be_collected_in_another_thread(rt: Runtime) -> None:
    streams = [stream_of("first", "never")]
    assert await anext(streams[0]) == Ok("first")
    thread = threading.Thread(target=streams.clear)
    thread.start()
    thread.join()
    await wait_until_idle(rt)
    assert rt.processes == ()


@pytest.mark.parametrize("loop", sorted(LOOPS))
def test_a_stream_may_be_collected_when_its_loop_is_gone(loop: str) -> None:
    streams: list[AsyncStream[object]] = []

    async def main() -> None:
        async with Runtime(VirtualClock()):
            streams.append(stream_of("first", "never"))
            assert await anext(streams[0]) == Ok("first")

    with asyncio.Runner(loop_factory=LOOPS[loop]) as runner:
        runner.run(main())
    streams.clear()
    gc.collect()


def test_a_stream_that_was_never_begun_may_be_collected_anywhere() -> None:
    streams = [stream_of("first")]
    streams.clear()
