from __future__ import annotations

import asyncio

import pytest

from exmc.actors.clock import LoopClock, Turn, VirtualClock, settle, wake
from tests.actors.scenario import in_plain_asyncio


def test_a_watchdog_fires_at_thirty_seconds_and_not_before() -> None:
    async def scenario() -> list[float]:
        clock, fired = VirtualClock(), list[float]()

        async def watchdog() -> None:
            await clock.sleep(30.0)
            fired.append(clock.now())

        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(watchdog())
            await clock.advance(29.9)
            assert fired == []
            await clock.advance(3600.0)
        return fired

    assert asyncio.run(scenario()) == [30.0]


def test_timers_fire_in_the_order_of_their_instants_and_then_of_their_making() -> None:
    async def main() -> None:
        clock, fired = VirtualClock(), list[tuple[str, float]]()
        for label, delay in [("b", 2.0), ("a", 1.0), ("c", 2.0), ("now", -1.0)]:
            clock.call_later(
                delay, lambda name: fired.append((name, clock.now())), label
            )
        await clock.advance(5.0)
        assert fired == [("now", 0.0), ("a", 1.0), ("b", 2.0), ("c", 2.0)]
        assert clock.now() == 5.0

    in_plain_asyncio(main)


def test_a_cancelled_timer_does_not_fire() -> None:
    async def main() -> None:
        clock, fired = VirtualClock(), list[str]()
        clock.call_later(1.0, fired.append, "never").cancel()
        assert clock.next_due() is None
        await clock.advance(2.0)
        assert fired == []

    in_plain_asyncio(main)


def test_what_a_timer_sets_off_is_done_before_the_next_timer_fires() -> None:
    async def main() -> None:
        clock, seen = VirtualClock(), list[str]()

        async def wait_and_note() -> None:
            await clock.sleep(1.0)
            for _ in range(5):
                await Turn()
            seen.append("first, settled")

        waiting = asyncio.create_task(wait_and_note())
        await clock.settle()
        clock.call_later(1.5, seen.append, "second")
        await clock.advance(2.0)
        assert seen == ["first, settled", "second"]
        await waiting

    in_plain_asyncio(main)


def test_a_sleeper_that_is_cancelled_leaves_no_timer() -> None:
    async def main() -> None:
        clock = VirtualClock()
        sleeper = asyncio.create_task(clock.sleep(9.0))
        await clock.settle()
        sleeper.cancel()
        await clock.settle()
        assert clock.next_due() is None

    in_plain_asyncio(main)


def test_jumping_goes_from_timer_to_timer_until_the_future_is_done() -> None:
    async def main() -> None:
        clock = VirtualClock()

        async def long() -> float:
            await clock.sleep(1000.0)
            await clock.sleep(500.0)
            return clock.now()

        task = asyncio.create_task(long())
        await clock.jump_until(task)
        assert task.result() == 1500.0

    in_plain_asyncio(main)


def test_jumping_waits_for_the_world_outside_when_no_timer_is_left() -> None:
    async def main() -> None:
        clock, loop = VirtualClock(), asyncio.get_running_loop()
        outside = loop.create_future()
        loop.call_later(0.01, outside.set_result, None)
        await clock.jump_until(outside)
        assert outside.done()
        assert clock.now() == 0.0

    in_plain_asyncio(main)


def test_settling_lasts_as_long_as_something_moves() -> None:
    async def main() -> None:
        moves = 0

        async def busy() -> None:
            nonlocal moves
            for _ in range(100):
                await Turn()
                moves += 1

        task = asyncio.create_task(busy())
        await settle(lambda: moves)
        assert task.done()

    in_plain_asyncio(main)


def test_the_loop_clock_sleeps_in_wall_time() -> None:
    async def main() -> None:
        clock = LoopClock(asyncio.get_running_loop())
        before = clock.now()
        await clock.sleep(0.01)
        assert clock.now() - before >= 0.009

    in_plain_asyncio(main)


def test_a_timer_of_the_loop_clock_can_be_cancelled() -> None:
    async def main() -> None:
        clock, fired = LoopClock(asyncio.get_running_loop()), list[str]()
        clock.call_later(0.0, fired.append, "never").cancel()
        await clock.sleep(0.001)
        assert fired == []

    in_plain_asyncio(main)


def test_waking_a_future_that_is_done_does_nothing() -> None:
    async def main() -> None:
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        future.cancel()
        wake(future)
        with pytest.raises(asyncio.CancelledError):
            future.result()

    in_plain_asyncio(main)


def test_timers_are_pending_until_they_fire_or_are_cancelled() -> None:
    async def main() -> None:
        clock = VirtualClock()
        for seconds in (3.0, 1.0, 2.0):
            clock.call_later(seconds, int)
        clock.call_later(4.0, int).cancel()
        assert clock.pending() == (1.0, 2.0, 3.0)
        await clock.advance(2.5)
        assert clock.pending() == (3.0,)

    in_plain_asyncio(main)
