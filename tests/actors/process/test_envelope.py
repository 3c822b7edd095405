from __future__ import annotations

import asyncio
from unittest.mock import Mock

from exmc.actors.errors import CallError, NoProcessError, StartError
from exmc.actors.pid import Pid
from exmc.actors.process.envelope import Call, Start
from tests.actors.scenario import in_plain_asyncio


def test_only_the_first_reply_counts() -> None:
    async def main() -> None:
        future: asyncio.Future[object] = asyncio.get_running_loop().create_future()
        call = Call(Pid(1), "request", future)
        call.reply(1)
        call.reply(2)
        call.down("killed")
        assert future.result() == 1

    in_plain_asyncio(main)


def test_a_reply_to_a_caller_that_waits_no_more_is_dropped() -> None:
    async def main() -> None:
        future: asyncio.Future[object] = asyncio.get_running_loop().create_future()
        future.cancel()
        Call(Pid(1), "request", future).reply(1)
        assert future.cancelled()

    in_plain_asyncio(main)


def test_a_call_fails_with_the_reason_of_its_server() -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()
        for reason, kind in [("killed", CallError), ("noproc", NoProcessError)]:
            future: asyncio.Future[object] = loop.create_future()
            Call(Pid(1), "request", future).down(reason)
            error = future.exception()
            assert type(error) is kind
            assert isinstance(error, CallError)
            assert error.reason == reason

    in_plain_asyncio(main)


def test_a_refused_call_gives_its_caller_the_error_and_lets_the_server_be() -> None:
    async def main() -> None:
        future: asyncio.Future[object] = asyncio.get_running_loop().create_future()
        call, server = Call(Pid(1), "request", future), Mock()
        call.hold(server)
        error = CallError("no")
        call.fail(error)
        call.fail(CallError("late"))
        assert future.exception() is error
        server.drop_watcher.assert_called_once_with(call)
        assert call.holder is None

    in_plain_asyncio(main)


def test_a_call_prints_what_is_asked_and_by_whom() -> None:
    async def main() -> None:
        future: asyncio.Future[object] = asyncio.get_running_loop().create_future()
        assert repr(Call(Pid(1), "x", future)) == "Call('x' from <0.1>)"

    in_plain_asyncio(main)


def test_a_start_has_one_end() -> None:
    for running in (True, False):
        start = Start("Worker", (1,), {"a": 2})
        start.succeed(running=running)
        start.down("killed")
        start.succeed(running=not running)
        assert (start.running, start.failure) == (running, None)
        assert repr(start) == "Start(Worker, (1,), {'a': 2})"


def test_whoever_waits_for_a_start_is_told_once() -> None:
    async def main() -> None:
        loop, start = asyncio.get_running_loop(), Start("Worker", (), {})
        loop.call_soon(start.down, "killed")
        await start.known(loop)
        await start.known(loop)
        assert start.failure is not None
        start.down("again")
        assert start.failure.reason == "killed"

    in_plain_asyncio(main)


def test_a_start_fails_with_the_reason_of_the_process() -> None:
    start = Start("Worker", (), {})
    start.down("timeout")
    assert isinstance(start.failure, StartError)
    assert str(start.failure) == "Worker did not start: 'timeout'."
