from __future__ import annotations

import asyncio
import os
import signal
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import CancelledError
from functools import partial

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

        with pytest.raises(
            NoRuntimeError,
            match="The runtime's own thread would wait for itself; await",
        ):
            visits.run(never)
        with pytest.raises(NoRuntimeError, match="The runtime's own thread would"):
            visits.post(print)

    on(loop, main)


def test_what_one_thread_posts_and_runs_takes_place_in_that_order(loop: str) -> None:
    async def main(visits: Visits) -> None:
        order = list[int]()

        async def note() -> None:
            order.append(-1)

        def visit() -> None:
            for number in range(50):
                visits.post(partial(order.append, number))
            visits.run(note)

        await asyncio.to_thread(visit)
        assert order == [*range(50), -1]
        await visits.close()

    on(loop, main)


def test_what_was_posted_before_the_closing_and_not_run_is_dropped(loop: str) -> None:
    async def main(visits: Visits) -> None:
        order = list[int]()
        thread = threading.Thread(target=visits.post, args=[partial(order.append, 1)])
        thread.start()
        thread.join()
        await visits.close()
        assert order == []
        await fails_with(NoRuntimeError, asyncio.to_thread(visits.post, print))

    on(loop, main)


def test_what_was_begun_before_the_closing_and_not_run_is_refused(loop: str) -> None:
    async def main(visits: Visits) -> None:
        async def never() -> None:
            raise AssertionError

        refused = list[NoRuntimeError]()

        def visit() -> None:
            try:
                visits.run(never)
            except NoRuntimeError as error:
                refused.append(error)

        thread = threading.Thread(target=visit)
        thread.start()
        while not visits._waiting:
            pass
        await visits.close()
        thread.join()
        assert len(refused) == 1

    on(loop, main)


def test_a_function_that_was_cancelled_by_itself_is_not_taken_for_a_leaving(
    loop: str,
) -> None:
    async def cancelled() -> None:
        raise asyncio.CancelledError

    async def main(visits: Visits) -> None:
        with pytest.raises((CancelledError, asyncio.CancelledError)):
            await asyncio.to_thread(visits.run, cancelled)
        await visits.close()

    on(loop, main)


def test_a_thread_that_is_interrupted_cancels_what_it_waits_for(loop: str) -> None:
    """The main thread waits, another runs the loop; as in a Ctrl-C."""
    began, ended = threading.Event(), threading.Event()
    kept = list[tuple[Visits, asyncio.AbstractEventLoop]]()

    async def wait_for_ever() -> None:
        began.set()
        try:
            await asyncio.get_running_loop().create_future()
        finally:
            ended.set()

    async def main(visits: Visits) -> None:
        kept.append((visits, asyncio.get_running_loop()))
        ready.set()
        await asyncio.to_thread(ended.wait)
        await visits.close()

    def interrupt() -> None:
        began.wait()
        os.kill(os.getpid(), signal.SIGINT)

    ready = threading.Event()
    threads = [
        threading.Thread(target=on, args=(loop, main)),
        threading.Thread(target=interrupt),
    ]
    for thread in threads:
        thread.start()
    ready.wait()
    with pytest.raises(KeyboardInterrupt):
        kept[0][0].run(wait_for_ever)
    for thread in threads:
        thread.join()
    assert ended.is_set()


def test_a_fork_is_refused(loop: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def main(visits: Visits) -> None:
        monkeypatch.setattr(os, "getpid", lambda: -1)
        error = await fails_with(NoRuntimeError, asyncio.to_thread(visits.post, print))
        monkeypatch.undo()
        assert "make a runtime after forking" in str(error)
        await visits.close()

    on(loop, main)
