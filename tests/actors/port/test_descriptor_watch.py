from __future__ import annotations

import asyncio
import gc
import os
import signal
import socket
from collections.abc import Callable

import pytest
import uvloop

from exmc.actors.port.descriptor_watch import (
    Watch,
    close_when_forgotten,
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


def test_what_a_killed_owner_left_open_is_closed_without_a_warning() -> None:
    class Owner:
        def __init__(self, sock: socket.socket) -> None:
            self.sock, self.me = sock, self

    ours, theirs = socket.socketpair()
    number = ours.fileno()
    owner = Owner(ours)
    close_when_forgotten(owner, ours)
    del owner, ours
    gc.collect()
    with theirs, pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(number)


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
