from __future__ import annotations

import asyncio
import signal
import socket
from collections.abc import Callable

import pytest
import uvloop

from exmc.actors.port.descriptor_watch import (
    Watch,
    drained,
    send_all,
)

LOOPS = [asyncio.new_event_loop, uvloop.new_event_loop]


@pytest.mark.parametrize("new_loop", LOOPS, ids=["asyncio", "uvloop"])
def test_a_readable_descriptor_calls_back_until_it_is_closed(
    new_loop: Callable[[], asyncio.AbstractEventLoop],
) -> None:
    async def scenario() -> list[bytes]:
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        heard = list[bytes]()
        told = asyncio.Event()

        def readable() -> None:
            heard.append(ours.recv(10))
            told.set()

        watch = Watch(ours, readable)
        theirs.send(b"one")
        await told.wait()
        watch.close()
        watch.close()
        assert ours.fileno() == -1
        theirs.close()
        return heard

    with asyncio.Runner(loop_factory=new_loop) as runner:
        assert runner.run(scenario()) == [b"one"]


@pytest.mark.parametrize("new_loop", LOOPS, ids=["asyncio", "uvloop"])
def test_a_watch_that_is_paused_says_nothing_until_it_is_resumed(
    new_loop: Callable[[], asyncio.AbstractEventLoop],
) -> None:
    async def scenario() -> None:
        ours, theirs = socket.socketpair()
        told = asyncio.Event()
        watch = Watch(ours, told.set, paused=True)
        with theirs:
            theirs.send(b"one")
            await asyncio.wait([asyncio.ensure_future(told.wait())], timeout=0.01)
            assert not told.is_set()
            watch.resume()
            await told.wait()
            watch.close()
            watch.resume()

    with asyncio.Runner(loop_factory=new_loop) as runner:
        runner.run(scenario())


def test_draining_takes_everything_and_stops_at_the_end() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.setblocking(False)
        assert drained(ours) == b""
        theirs.sendall(b"x" * 100_000)
        theirs.close()
        assert len(drained(ours)) == 100_000


@pytest.mark.parametrize("new_loop", LOOPS, ids=["asyncio", "uvloop"])
def test_more_bytes_than_the_buffer_holds_are_sent_as_they_are_read(
    new_loop: Callable[[], asyncio.AbstractEventLoop],
) -> None:
    sent = bytes(range(256)) * 20_000

    async def scenario() -> bytes:
        ours, theirs = socket.socketpair()
        with ours, theirs:
            ours.setblocking(False)
            theirs.setblocking(False)
            sending = asyncio.ensure_future(send_all(ours, sent))
            loop, got = asyncio.get_running_loop(), b""
            while len(got) < len(sent):
                got += await loop.sock_recv(theirs, 1 << 16)
            await sending
            return got

    with asyncio.Runner(loop_factory=new_loop) as runner:
        assert runner.run(scenario()) == sent


def test_sending_to_nobody_is_an_error_and_no_signal() -> None:
    async def scenario() -> None:
        ours, theirs = socket.socketpair()
        theirs.close()
        ours.setblocking(False)
        with ours, pytest.raises(BrokenPipeError):
            await send_all(ours, b"x")

    before = signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    try:
        asyncio.run(scenario())
    finally:
        signal.signal(signal.SIGPIPE, before)
