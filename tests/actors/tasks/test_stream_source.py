from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterator

from exmc.actors import Pid, Runtime, self_pid
from exmc.actors.kernel.mailbox import NOTHING
from exmc.actors.tasks.stream_source import AwaitedSource, ReadySource, source_of
from exmc.actors.testing import wait_until_idle
from tests.actors.scenario import fails_with, scenario
from tests.actors.tasks.owners import boom


async def gated(gates: list[asyncio.Event]) -> AsyncGenerator[int, None]:
    for number, gate in enumerate(gates):
        await gate.wait()
        yield number


def test_items_of_an_iterable_are_there_at_once() -> None:
    source = ReadySource(iter([1, None]))
    assert [source.next_item(), source.next_item()] == [1, None]
    assert (source.exhausted, source.next_item()) == (False, NOTHING)
    assert (source.exhausted, source.next_item()) == (True, NOTHING)


def test_no_item_is_taken_before_it_is_asked_for() -> None:
    taken: list[int] = []

    def items() -> Iterator[int]:
        for number in range(3):
            taken.append(number)
            yield number

    source = source_of(items(), lambda: None)
    assert taken == []
    assert source.next_item() == 0
    assert taken == [0]


@scenario
async def test_an_item_that_has_to_be_waited_for_is_announced(rt: Runtime) -> None:
    gates, announced = [asyncio.Event()], []
    source = source_of(gated(gates), lambda: announced.append(1))
    assert [source.next_item(), source.next_item()] == [NOTHING, NOTHING]
    await wait_until_idle(rt)
    assert announced == []
    gates[0].set()
    await wait_until_idle(rt)
    assert announced == [1]
    assert source.next_item() == 0
    assert source.next_item() is NOTHING
    await wait_until_idle(rt)
    assert (source.exhausted, source.next_item()) == (False, NOTHING)
    assert (source.exhausted, source.next_item()) == (True, NOTHING)


@scenario
async def test_items_are_made_in_the_process_that_takes_them(rt: Runtime) -> None:
    async def items() -> AsyncGenerator[Pid, None]:
        yield self_pid()

    source = source_of(items(), lambda: None)
    assert source.next_item() is NOTHING
    await wait_until_idle(rt)
    assert source.next_item() is rt.root.pid


@scenario
async def test_what_the_iterable_raises_comes_out_of_next_item(rt: Runtime) -> None:
    async def items() -> AsyncGenerator[int, None]:
        boom()
        yield 1

    source = source_of(items(), lambda: None)
    assert source.next_item() is NOTHING
    await wait_until_idle(rt)

    async def ask() -> object:
        return source.next_item()

    await fails_with(ZeroDivisionError, ask())


@scenario
async def test_closing_breaks_the_wait_off(rt: Runtime) -> None:
    unwound: list[int] = []

    async def items() -> AsyncGenerator[int, None]:
        try:
            await asyncio.Event().wait()
        finally:
            unwound.append(1)
        yield 1

    source = source_of(items(), lambda: None)
    assert isinstance(source, AwaitedSource)
    assert source.next_item() is NOTHING
    await wait_until_idle(rt)
    source.close()
    await source.closed()
    assert unwound == [1]
    assert (source.next_item(), source.exhausted) == (NOTHING, True)


@scenario
async def test_nothing_is_left_to_close_of_what_needs_no_waiting() -> None:
    source = source_of([1], lambda: None)
    source.close()
    await source.closed()
    assert isinstance(source, ReadySource)
