from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from exmc.actors import AsyncStream, NotOwnerError, Ok, Runtime, async_stream, call
from exmc.actors.process.here import here
from exmc.actors.tasks.stream_flow import Flow
from exmc.actors.tasks.stream_options import StreamPlan
from exmc.actors.testing import wait_until_idle
from tests.actors.scenario import fails_with, scenario
from tests.actors.tasks.owners import Owner


async def values(stream: AsyncStream[Any]) -> list[Any]:
    return [result.unwrap() async for result in stream]


@scenario
async def test_its_owner_holds_a_flow_until_it_is_over(rt: Runtime) -> None:
    flow: Flow[int] = Flow(here(), int, "12", StreamPlan(max_concurrency=2))
    assert len(here().holdings) == 1
    assert [await flow.next_result(), await flow.next_result()] == [Ok(1), Ok(2)]
    assert len(here().holdings) == 1
    await fails_with(StopAsyncIteration, asyncio.ensure_future(flow.next_result()))
    assert not here().holdings
    assert rt.processes == ()


@scenario
async def test_a_flow_that_is_let_go_is_closed_in_a_later_turn(rt: Runtime) -> None:
    flow: Flow[int] = Flow(here(), int, "12", StreamPlan(max_concurrency=2))
    await flow.next_result()
    flow.close_from_anywhere()
    assert len(here().holdings) == 1
    await wait_until_idle(rt)
    assert not here().holdings
    flow.close_from_anywhere()


@scenario
async def test_only_the_process_that_began_may_go_on(rt: Runtime) -> None:
    stream = async_stream(int, [1, 2], max_concurrency=1)
    assert await anext(stream) == Ok(1)

    async def intrude() -> str:
        return str(await fails_with(NotOwnerError, values(stream)))

    intruder = await rt.start(Owner)
    assert await call(intruder, intrude) == (
        f"The stream belongs to {rt.root.pid}, not to {intruder}; "
        f"a process makes the stream it iterates over."
    )
    assert await anext(stream) == Ok(2)


@scenario
async def test_a_stream_is_asked_for_one_result_at_a_time(rt: Runtime) -> None:
    async def never_any() -> AsyncIterator[int]:
        await asyncio.Event().wait()
        yield 1

    stream = async_stream(int, never_any(), max_concurrency=1)
    async with stream:
        first = asyncio.ensure_future(values(stream))
        await wait_until_idle(rt)
        await fails_with(RuntimeError, values(stream))
    assert await first == []
