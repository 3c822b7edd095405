from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from exmc.actors import NoRuntimeError
from exmc.actors.clock import Turn
from exmc.actors.runtime.visits import Visits
from tests.actors.scenario import LOOPS, fails_with


@pytest.fixture(params=sorted(LOOPS))
def loop(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def on(loop: str, main: Callable[[Visits], Awaitable[None]]) -> None:
    async def begin() -> None:
        await main(Visits(asyncio.get_running_loop()))

    with asyncio.Runner(loop_factory=LOOPS[loop]) as runner:
        runner.run(begin())


def test_a_thread_gets_what_the_function_returns(loop: str) -> None:
    async def answer() -> int:
        await Turn()
        return 42

    async def main(visits: Visits) -> None:
        assert await asyncio.to_thread(visits.run, answer) == 42
        await visits.close()

    on(loop, main)


def test_a_thread_gets_what_the_function_raises(loop: str) -> None:
    async def fail() -> int:
        raise ValueError("bad")

    async def main(visits: Visits) -> None:
        error = await fails_with(ValueError, asyncio.to_thread(visits.run, fail))
        assert str(error) == "bad"

    on(loop, main)


def test_closing_releases_a_thread_that_waits(loop: str) -> None:
    ended = list[str]()

    async def wait_for_ever() -> None:
        try:
            await asyncio.get_running_loop().create_future()
        finally:
            ended.append("ended")

    async def main(visits: Visits) -> None:
        waiting = asyncio.ensure_future(asyncio.to_thread(visits.run, wait_for_ever))
        await asyncio.wait({waiting}, timeout=0.02)
        await visits.close()
        assert ended == ["ended"]
        error = await fails_with(NoRuntimeError, waiting)
        assert str(error).startswith("The runtime was left; a thread can no longer")

    on(loop, main)


def test_nothing_runs_once_it_is_closed(loop: str) -> None:
    async def main(visits: Visits) -> None:
        await visits.close()

        async def never() -> None:
            raise AssertionError

        await fails_with(NoRuntimeError, asyncio.to_thread(visits.run, never))

    on(loop, main)


def test_nothing_runs_once_the_loop_is_closed(loop: str) -> None:
    kept = list[Visits]()

    async def main(visits: Visits) -> None:
        kept.append(visits)

    on(loop, main)

    async def never() -> None:
        raise AssertionError

    async def another() -> None:
        await fails_with(NoRuntimeError, asyncio.to_thread(kept[0].run, never))

    asyncio.run(another())


def test_the_loops_own_thread_is_refused(loop: str) -> None:
    async def main(visits: Visits) -> None:
        async def never() -> None:
            raise AssertionError

        with pytest.raises(NoRuntimeError, match="run_from_thread would wait for its"):
            visits.run(never)

    on(loop, main)
