from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Coroutine, Generator
from functools import partial
from types import FrameType
from typing import Any

from exmc.actors import GenServer, Runtime, cast
from exmc.actors.observation.where import (
    GAP,
    MOST_FRAMES,
    MOST_SHOWN,
    Place,
    first_of_interest,
    running_at,
    suspended_at,
    told,
)
from exmc.actors.testing import wait_until_idle
from tests.actors.scenario import scenario


class Pause:
    """Suspends whoever awaits it."""

    def __await__(self) -> Generator[str, None, None]:
        yield "paused"


async def paused() -> None:
    await Pause()


async def outer() -> None:
    await paused()


async def numbers() -> AsyncIterator[int]:
    await paused()
    yield 1


async def over_numbers() -> None:
    async for _ in numbers():
        pass


def functions(coroutine: Coroutine[Any, Any, object]) -> list[str]:
    """Run a coroutine to its first suspension and look where it stands."""
    coroutine.send(None)
    try:
        return [place.function for place in suspended_at(coroutine)]
    finally:
        coroutine.close()


def test_a_chain_of_coroutines_is_followed_to_the_innermost() -> None:
    assert functions(outer()) == ["outer", "paused", "__await__"]


def test_a_chain_goes_through_async_generators() -> None:
    assert functions(over_numbers()) == [
        "over_numbers",
        "numbers",
        "paused",
        "__await__",
    ]


def test_a_chain_goes_through_an_awaitable_that_hides_a_coroutine() -> None:
    class Hiding:
        def __await__(self) -> Generator[Any, None, None]:
            return paused().__await__()

    async def asking() -> None:
        await Hiding()

    assert functions(asking()) == ["asking", "paused", "__await__"]


def test_a_coroutine_that_has_ended_stands_nowhere() -> None:
    coroutine = outer()
    coroutine.close()
    assert suspended_at(coroutine) == ()
    assert told(()) is None


def test_a_line_is_the_one_that_waits() -> None:
    coroutine = outer()
    coroutine.send(None)
    first = suspended_at(coroutine)[0]
    assert first.line == outer.__code__.co_firstlineno + 1
    assert (first.file, first.module) == ("test_where.py", __name__)
    coroutine.close()


@scenario
async def test_a_chain_goes_on_in_the_task_that_is_waited_for() -> None:
    async def waits(task: Awaitable[object]) -> None:
        await task

    inner = asyncio.ensure_future(outer_future())
    middle = asyncio.ensure_future(waits(inner))
    await asyncio.wait({middle}, timeout=0)
    places = [place.function for place in suspended_at(middle.get_coro())]
    assert places == ["waits", "outer_future"]
    inner.cancel()
    await asyncio.wait({middle})


async def outer_future() -> None:
    await asyncio.get_running_loop().create_future()


class Ring:
    """A coroutine that waits for itself, as two tasks may for each other."""

    def __init__(self) -> None:
        self.cr_frame = sys._getframe()
        self.cr_await = self


def test_what_waits_for_each_other_is_no_endless_chain() -> None:
    assert len(suspended_at(Ring())) == MOST_FRAMES


def place(module: str, function: str, line: int = 1) -> Place:
    return Place(module, f"{module.rsplit('.', 1)[-1]}.py", line, function)


def test_a_text_says_the_file_once_and_again_when_it_changes() -> None:
    places = (
        place("shop", "handle_call", 12),
        place("shop", "price", 31),
        place("web", "fetch", 80),
        place("web", "read", 9),
    )
    assert told(places) == (
        "shop.py:12 in handle_call > price:31 > fetch (web.py:80) > read:9"
    )


def test_what_runs_the_users_code_is_left_out_and_what_it_calls_is_one_name() -> None:
    places = (
        place("exmc.actors.kernel.control_block", "activate"),
        place("exmc.actors.server.server_conduct", "_later"),
        place("shop", "handle_call", 12),
        place("exmc.actors.clock", "sleep"),
        place("exmc.actors.clock", "sleep_on"),
    )
    assert told(places) == "shop.py:12 in handle_call > sleep"


def test_the_users_code_is_shown_below_a_library_too() -> None:
    places = (
        place("shop", "handle_call", 12),
        place("asyncio.tasks", "wait_for"),
        place("asyncio.tasks", "helper"),
        place("shop", "fetch", 30),
    )
    assert told(places) == "shop.py:12 in handle_call > wait_for > fetch:30"


def test_a_process_of_the_runtimes_own_is_shown_in_full() -> None:
    places = (
        place("exmc.actors.server.server_conduct", "_later"),
        place("exmc.actors.supervision.supervisor", "init", 7),
        place("exmc.actors.process.starting", "launch", 9),
    )
    assert told(places) == "supervisor.py:7 in init > launch (starting.py:9)"


def test_a_name_that_only_begins_like_a_librarys_is_the_users() -> None:
    places = (place("asyncio_tools", "one"), place("asyncio_tools", "two"))
    assert told(places) == "asyncio_tools.py:1 in one > two:1"


def test_a_long_chain_is_shown_by_its_two_ends() -> None:
    places = tuple(place("deep", f"f{n}", n) for n in range(1000))
    text = told(places)
    assert text is not None
    parts = text.split(" > ")
    assert len(parts) == MOST_SHOWN + 1
    assert parts[MOST_SHOWN // 2] == GAP
    assert (parts[0], parts[-1]) == ("deep.py:0 in f0", "f999:999")


class Looking(GenServer):
    """Takes down the stack that its handler runs on."""

    def init(self, seen: list[FrameType]) -> None:
        self.seen = seen

    def handle_cast(self, _message: object, /) -> None:
        self.look()

    def look(self) -> None:
        self.seen.append(sys._getframe())


@scenario
async def test_a_running_handler_is_found_in_the_users_own_code(rt: Runtime) -> None:
    stacks = list[str | None]()

    class Telling(Looking):
        def look(self) -> None:
            stacks.append(told(running_at(sys._getframe())))

    cast(await rt.start(Telling, []), "look")
    await wait_until_idle(rt)
    handler, look = Looking.handle_cast.__code__, Telling.look.__code__
    [text] = stacks
    assert text == (
        f"test_where.py:{handler.co_firstlineno + 1} in handle_cast"
        f" > look:{look.co_firstlineno + 1}"
    )


@scenario
async def test_a_callback_of_the_loop_is_found_without_who_runs_the_loop() -> None:
    stacks, loop = list[str | None](), asyncio.get_running_loop()

    def callback() -> None:
        stacks.append(told(running_at(sys._getframe())))

    loop.call_soon(callback)
    await asyncio.wait({asyncio.ensure_future(paused_once())})
    line = callback.__code__.co_firstlineno + 1
    assert stacks == [f"test_where.py:{line} in callback"]


async def paused_once() -> None:
    loop = asyncio.get_running_loop()
    woken = loop.create_future()
    loop.call_soon(partial(woken.set_result, None))
    await woken


RUNNING_A_LOOP = [
    place("__main__", "<module>"),
    place("asyncio.runners", "run"),
    place("asyncio.base_events", "_run_once"),
]


def test_a_loop_that_waits_for_something_to_do_stands_nowhere() -> None:
    waiting = [*RUNNING_A_LOOP, place("selectors", "select")]
    assert waiting[first_of_interest(waiting) :] == []
    assert RUNNING_A_LOOP[first_of_interest(RUNNING_A_LOOP) :] == []


def test_of_a_stack_only_what_the_loop_calls_is_of_interest() -> None:
    callback, library = place("shop", "callback"), place("asyncio.locks", "set")
    stack = [*RUNNING_A_LOOP, place("asyncio.events", "_run"), callback, library]
    assert stack[first_of_interest(stack) :] == [callback, library]
    assert first_of_interest([callback]) == 0
