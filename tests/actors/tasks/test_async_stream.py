"""What comes out of a stream, and when; how it ends is in test_stream_endings.py."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterator
from typing import Any, assert_type

import pytest

from exmc.actors import (
    AsyncStream,
    BadTaskOptionError,
    Exited,
    Ok,
    Pid,
    Runtime,
    TaskSupervisor,
    VirtualClock,
    async_stream,
    async_stream_nolink,
    call,
    callers,
    task_children,
)
from exmc.actors.testing import wait_until_idle
from tests.actors.scenario import advance, during, scenario
from tests.actors.tasks.owners import Owner, boom


class Work:
    """A function that takes as many seconds as its item says, and is watched."""

    def __init__(self, rt: Runtime) -> None:
        self.clock = rt.clock
        self.running = self.most = 0

    async def __call__(self, seconds: float) -> float:
        self.running += 1
        self.most = max(self.most, self.running)
        try:
            await self.clock.sleep(seconds)
        finally:
            self.running -= 1
        return seconds


async def values(stream: AsyncStream[Any]) -> list[Any]:
    return [result.unwrap() async for result in stream]


async def one_by_one(items: list[Any]) -> AsyncGenerator[Any, None]:
    for item in items:
        yield item


@pytest.mark.parametrize("given", [list, iter, one_by_one])
@scenario
async def test_results_come_in_the_order_of_the_items(
    rt: Runtime, given: Callable[[list[float]], Any]
) -> None:
    stream = async_stream(Work(rt), given([3.0, 1.0, 2.0]), max_concurrency=3)
    assert await during(rt, values(stream), 3.0) == [3.0, 1.0, 2.0]


@pytest.mark.parametrize("given", [list, iter, one_by_one])
@scenario
async def test_results_come_as_they_do_where_order_does_not_matter(
    rt: Runtime, given: Callable[[list[float]], Any]
) -> None:
    items = given([3.0, 1.0, 2.0])
    stream = async_stream(Work(rt), items, max_concurrency=3, ordered=False)
    assert await during(rt, values(stream), 3.0) == [1.0, 2.0, 3.0]


@pytest.mark.parametrize("ordered", [True, False])
@pytest.mark.parametrize("given", [list, one_by_one])
@scenario
async def test_so_many_tasks_run_at_a_time_and_no_more(
    rt: Runtime, given: Callable[[list[float]], Any], ordered: bool
) -> None:
    work = Work(rt)
    items = given([1.0] * 7)
    stream = async_stream(work, items, max_concurrency=3, ordered=ordered)
    assert await during(rt, values(stream), 1.0, 1.0, 1.0) == [1.0] * 7
    assert work.most == 3


@scenario
async def test_items_are_taken_only_as_results_are_asked_for(rt: Runtime) -> None:
    taken: list[int] = []

    def items() -> Iterator[int]:
        for number in range(100):
            taken.append(number)
            yield number

    stream = async_stream(int, items(), max_concurrency=4)
    await wait_until_idle(rt)
    assert taken == []
    assert await anext(stream) == Ok(0)
    await wait_until_idle(rt)
    assert len(taken) == 4
    assert await anext(stream) == Ok(1)
    assert len(taken) == 5


@scenario
async def test_a_slow_first_item_holds_up_those_who_come_after_the_window(
    rt: Runtime,
) -> None:
    work = Work(rt)
    stream = async_stream(work, [4.0, 1.0, 1.0, 1.0], max_concurrency=2)
    collecting = asyncio.ensure_future(values(stream))
    await advance(rt, 3.0)
    assert work.running == 1
    await advance(rt, 2.0)
    assert await collecting == [4.0, 1.0, 1.0, 1.0]


@scenario
async def test_a_result_does_not_wait_for_the_next_item(rt: Runtime) -> None:
    async def items() -> AsyncGenerator[float, None]:
        yield 1.0
        await rt.clock.sleep(60.0)
        yield 2.0

    stream = async_stream(Work(rt), items(), max_concurrency=2)
    assert await during(rt, anext(stream), 1.0) == Ok(1.0)
    assert await during(rt, anext(stream), 58.0, 3.0) == Ok(2.0)
    assert await values(stream) == []


@scenario
async def test_no_items_give_no_results(rt: Runtime) -> None:
    assert await values(async_stream(int, [], max_concurrency=1)) == []
    assert await values(async_stream(int, one_by_one([]), max_concurrency=1)) == []
    assert rt.processes == ()


@scenario
async def test_a_stream_that_is_over_stays_over(rt: Runtime) -> None:
    stream = async_stream(int, ["1"], max_concurrency=1)
    assert await values(stream) == [1]
    assert await values(stream) == []
    assert rt.processes == ()


@scenario
async def test_tasks_work_for_the_consumer(rt: Runtime) -> None:
    def for_whom(_: int) -> tuple[Pid, ...]:
        return callers()

    async def consume() -> list[Any]:
        return await values(async_stream(for_whom, [1], max_concurrency=1))

    consumer = await rt.start(Owner)
    assert await call(consumer, consume) == [(consumer,)]


@scenario
async def test_a_timeout_may_be_the_result_of_one_item_alone(rt: Runtime) -> None:
    stream = async_stream(
        Work(rt), [1.0, 9.0, 2.0], max_concurrency=3, on_timeout="kill_task"
    )

    async def collect() -> list[object]:
        return [result async for result in stream]

    results = await during(rt, collect(), 4.9, 0.1)
    assert results == [Ok(1.0), Exited("timeout"), Ok(2.0)]


@scenario
async def test_without_a_timeout_a_task_may_take_as_long_as_it_likes(
    rt: Runtime,
) -> None:
    stream = async_stream(Work(rt), [9e9], max_concurrency=3, timeout=None)
    assert await during(rt, values(stream), 9e9) == [9e9]


@scenario
async def test_under_a_supervisor_a_crash_is_the_result_of_one_item(
    rt: Runtime,
) -> None:
    def inverse(x: int) -> float:
        return 1 / x

    supervisor = await rt.start(TaskSupervisor)
    stream = async_stream_nolink(
        supervisor, inverse, [1, 0, 2], max_concurrency=2, zip_input_on_exit=True
    )
    one, none, half = [result async for result in stream]
    assert (one, half) == (Ok(1.0), Ok(0.5))
    assert isinstance(none, Exited)
    assert none.reason[0] == 0
    assert await task_children(supervisor) == ()


@scenario
async def test_tasks_may_be_linked_and_under_a_supervisor(rt: Runtime) -> None:
    supervisor = await rt.start(TaskSupervisor)
    stream = async_stream(int, "12", max_concurrency=2, supervisor=supervisor)
    assert await values(stream) == [1, 2]


def test_a_bad_option_is_refused_before_anything_is_started() -> None:
    with pytest.raises(BadTaskOptionError):
        async_stream(boom, [1], max_concurrency=0)
    with pytest.raises(BadTaskOptionError, match="no option 'concurrency'; there are"):
        async_stream(boom, [1], concurrency=2)  # type: ignore[call-overload]
    with pytest.raises(BadTaskOptionError, match="no option 'concurrency'; there are"):
        async_stream_nolink("x", boom, [1], concurrency=2)  # type: ignore[call-overload]


@scenario
async def test_nothing_need_be_chosen(rt: Runtime) -> None:
    assert await values(async_stream(int, "123")) == [1, 2, 3]
    supervisor = await rt.start(TaskSupervisor)
    assert await values(async_stream_nolink(supervisor, int, "45")) == [4, 5]


@scenario
async def test_a_stream_leaves_no_timer(rt: Runtime) -> None:
    assert await values(async_stream(int, range(9), max_concurrency=4)) == [*range(9)]
    assert isinstance(rt.clock, VirtualClock)
    assert rt.clock.next_due() is None


@scenario
async def test_a_checker_knows_what_a_stream_gives(rt: Runtime) -> None:
    async def length(text: str) -> int:
        return len(text)

    assert_type(async_stream(length, ["four"], max_concurrency=1), AsyncStream[int])
    stream = async_stream(str.upper, one_by_one(["four"]), max_concurrency=1)
    assert_type(stream, AsyncStream[str])
    async for result in stream:
        assert assert_type(result.unwrap(), str) == "FOUR"
    assert rt.processes == ()
