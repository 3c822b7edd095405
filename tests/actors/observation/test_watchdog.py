from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Generator
from typing import Any

import pytest

from exmc.actors import GenServer, Runtime, cast, send, telemetry
from exmc.actors.clock import Turn
from exmc.actors.events import LOOP_STALL
from exmc.actors.kernel.reports import StallReport
from exmc.actors.observation.watchdog import Watchdog
from exmc.actors.testing import wait_until_idle
from tests.actors.scenario import scenario


class Seconds:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


EVERY = 0.0625
LIMIT = 2 * EVERY


class Watched:
    """A watchdog that looks when it is told to, from a thread of its own."""

    def __init__(self, rt: Runtime) -> None:
        self.clock = Seconds()
        self.dog = Watchdog(rt.kernel, limit=LIMIT, every=EVERY, now=self.clock)

    def look(self) -> StallReport | None:
        """Look for the next time, while the caller stands still."""
        self.clock.now += EVERY
        seen: list[StallReport | None] = []
        looking = threading.Thread(target=lambda: seen.append(self.dog.look()))
        looking.start()
        looking.join()
        return seen[0]

    def blocked(self) -> StallReport | None:
        """Hold the loop until the watchdog may say something."""
        assert [self.look() for _ in range(3)] == [None, None, None]
        return self.look()


class Doing(GenServer):
    """Does what a cast says, at once."""

    def handle_cast(self, act: Callable[[], object], /) -> None:
        act()

    async def handle_info(self, act: Callable[[], object], /) -> None:
        await Turn()
        act()


@pytest.fixture
def events() -> Generator[list[tuple[Any, ...]], None, None]:
    heard: list[tuple[Any, ...]] = []
    telemetry.attach("test", LOOP_STALL, lambda *told: heard.append(told))
    yield heard
    telemetry.detach("test")


@scenario
async def test_a_handler_that_blocks_is_named_with_the_line_it_stands_on(
    rt: Runtime,
) -> None:
    watched, stalls = Watched(rt), list[StallReport | None]()

    def block() -> None:
        stalls.append(watched.blocked())

    pid = await rt.start(Doing, name="doing")
    cast(pid, block)
    await wait_until_idle(rt)
    [stall] = stalls
    assert stall is not None
    assert (stall.pid, stall.name, stall.kind) == (pid, "doing", "Doing")
    assert (stall.seconds, stall.alone) == (3 * EVERY, True)
    line = Doing.handle_cast.__code__.co_firstlineno + 1
    assert str(stall.where).startswith(
        f"test_watchdog.py:{line} in handle_cast"
        f" > block:{block.__code__.co_firstlineno + 1} > blocked:"
    )


@scenario
async def test_one_stall_is_reported_once_however_often_it_is_looked_at(
    rt: Runtime,
) -> None:
    watched, stalls = Watched(rt), list[StallReport | None]()

    def block() -> None:
        stalls.append(watched.blocked())
        stalls.extend(watched.look() for _ in range(3))

    cast(await rt.start(Doing), block)
    await wait_until_idle(rt)
    assert stalls[0] is not None
    assert stalls[1:] == [None, None, None]


@scenario
async def test_a_stall_is_logged_while_it_lasts_and_an_event_when_it_is_over(
    rt: Runtime,
    events: list[tuple[Any, ...]],
    caplog: pytest.LogCaptureFixture,
) -> None:
    watched, logged = Watched(rt), list[str]()

    def block() -> None:
        watched.blocked()
        logged.extend(record.getMessage() for record in caplog.records)
        assert events == []
        assert list(rt.reports) == []
        watched.clock.now = EVERY + 2.0

    pid = await rt.start(Doing)
    cast(pid, block)
    await wait_until_idle(rt)
    [message] = logged
    assert message.startswith(
        f"The event loop has stood still for 0.19 s in Doing {pid}: test_watchdog.py:"
    )
    assert caplog.records[0].levelno == logging.WARNING
    [(_, measured, known, _)] = events
    assert measured == {"duration": 2.0}
    assert (known["pid"], known["kind"], known["name"]) == (pid, "Doing", None)
    [report] = rt.reports
    assert isinstance(report, StallReport)
    assert (report.seconds, report.where) == (2.0, known["where"])


@scenario
async def test_a_handler_that_blocks_after_it_has_waited_is_named_too(
    rt: Runtime,
) -> None:
    watched, stalls = Watched(rt), list[StallReport | None]()
    pid = await rt.start(Doing)
    send(pid, lambda: stalls.append(watched.blocked()))
    await wait_until_idle(rt)
    [stall] = stalls
    assert stall is not None
    assert stall.pid is pid
    line = Doing.handle_info.__code__.co_firstlineno + 2
    assert str(stall.where).startswith(f"test_watchdog.py:{line} in handle_info > ")


@scenario
async def test_a_handler_that_waits_is_no_stall(rt: Runtime) -> None:
    watched = Watched(rt)
    waiting = rt.kernel.loop.create_future()

    class Waits(GenServer):
        async def handle_cast(self, _message: object, /) -> None:
            await waiting

    cast(await rt.start(Waits), "wait")
    for _ in range(5):
        await wait_until_idle(rt)
        assert watched.look() is None
    waiting.set_result(None)


@scenario
async def test_a_callback_of_the_loop_that_blocks_is_named_by_its_line(
    rt: Runtime,
) -> None:
    watched, stalls = Watched(rt), list[StallReport | None]()

    def callback() -> None:
        stalls.append(watched.blocked())

    cast(await rt.start(Doing), print)
    await wait_until_idle(rt)
    rt.kernel.loop.call_soon(callback)
    await wait_until_idle(rt)
    [stall] = stalls
    assert stall is not None
    assert stall.pid is None
    line = callback.__code__.co_firstlineno + 1
    assert str(stall.where).startswith(f"test_watchdog.py:{line} in callback > ")


@scenario
async def test_many_short_handlers_are_told_from_one_long_one(rt: Runtime) -> None:
    watched, stalls = Watched(rt), list[StallReport | None]()
    pids = [await rt.start(Doing) for _ in range(4)]
    for pid in pids:
        cast(pid, lambda: stalls.append(watched.look()))
    await wait_until_idle(rt)
    *early, stall = stalls
    assert early == [None, None, None]
    assert stall is not None
    assert (stall.pid, stall.alone) == (pids[-1], False)


@scenario
async def test_a_handler_that_keeps_the_watchdog_from_looking_is_named_afterwards(
    rt: Runtime,
) -> None:
    watched, stalls = Watched(rt), list[StallReport | None]()
    pid = await rt.start(Doing)

    def keep_the_lock() -> None:
        watched.clock.now += 1.0
        stalls.append(watched.look())

    cast(pid, keep_the_lock)
    await wait_until_idle(rt)
    [stall] = stalls
    assert stall is not None
    assert (stall.pid, stall.seconds) == (pid, 1.0 + EVERY)
    assert watched.look() is None


@scenario
async def test_a_loop_in_which_nothing_moves_is_not_woken(rt: Runtime) -> None:
    watched = Watched(rt)
    cast(await rt.start(Doing), print)
    for _ in range(5):
        await wait_until_idle(rt)
        watched.look()
    assert watched.dog._answers == 1


@scenario
async def test_a_loop_that_only_waits_for_something_to_do_is_no_stall(
    rt: Runtime,
) -> None:
    watched = Watched(rt)
    assert watched.dog._sampled(1.0, alone=True) is not None
    watched.dog._loop_thread = -1
    assert watched.dog._sampled(1.0, alone=True) is None


@scenario
async def test_the_thread_looks_by_itself_and_ends_when_it_is_closed(
    rt: Runtime, caplog: pytest.LogCaptureFixture
) -> None:
    dog = Watchdog(rt.kernel, limit=0.0, every=0.001)
    noticed = threading.Event()

    class Noticing(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if "stood still" in record.getMessage():
                noticed.set()

    handler = Noticing()
    logging.getLogger("exmc.actors").addHandler(handler)
    try:
        dog.start()
        pid = await rt.start(Doing)
        cast(pid, lambda: noticed.wait(10.0))
        await wait_until_idle(rt)
        assert noticed.is_set()
    finally:
        dog.close()
        dog.close()
        logging.getLogger("exmc.actors").removeHandler(handler)
    names = [thread.name for thread in threading.enumerate()]
    assert "exmc.actors watchdog" not in names
    assert caplog.records


def test_a_loop_that_is_closed_ends_the_watch() -> None:
    dogs: list[Watchdog] = []

    async def main() -> None:
        async with Runtime() as rt:
            dogs.append(Watchdog(rt.kernel, every=0.0))

    asyncio.run(main())
    [dog] = dogs
    dog.start()
    dog._thread.join()
    dog.close()
