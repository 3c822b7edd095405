from __future__ import annotations

import asyncio
import signal
import socket

import pytest

from exmc.actors import Runtime
from exmc.actors.port.channel import Channel
from exmc.actors.testing import wait_until_idle
from tests.actors.scenario import scenario

MORE_THAN_A_BUFFER = 1 << 22


class Pair:
    """A channel, and the other end of its stream."""

    def __init__(self, rt: Runtime) -> None:
        ours, self.other = socket.socketpair()
        self.heard: list[bytes] = []
        self.done: list[bool] = []
        self.arrived = asyncio.Event()
        self.channel = Channel(rt.kernel.loop, ours, self.hear)

    def hear(self, data: bytes) -> None:
        self.heard.append(data)
        self.arrived.set()

    def write(self, data: bytes) -> None:
        self.channel.write(data, self.done.append)

    async def read(self, count: int) -> bytes:
        """Read so many bytes at the other end while the loop goes on."""
        self.other.setblocking(False)
        loop, got = asyncio.get_running_loop(), b""
        while len(got) < count and (data := await loop.sock_recv(self.other, 1 << 16)):
            got += data
        return got

    def close(self) -> None:
        self.channel.close()
        self.other.close()


@scenario
async def test_nothing_is_heard_before_one_listens_nor_while_one_does_not(
    rt: Runtime,
) -> None:
    pair = Pair(rt)
    pair.other.send(b"one")
    await wait_until_idle(rt)
    assert pair.heard == []
    pair.channel.resume()
    await pair.arrived.wait()
    pair.channel.pause()
    pair.other.send(b"two")
    await wait_until_idle(rt)
    assert (pair.heard, pair.channel.received) == ([b"one"], 3)
    pair.close()


@scenario
async def test_what_fits_is_sent_at_once(rt: Runtime) -> None:
    pair = Pair(rt)
    pair.write(b"one")
    pair.write(b"two")
    assert (pair.done, pair.channel.sent) == ([True, True], 6)
    assert pair.other.recv(100) == b"onetwo"
    pair.close()


@scenario
async def test_what_does_not_fit_is_sent_in_order_as_it_is_read(rt: Runtime) -> None:
    pair = Pair(rt)
    large = bytes(range(256)) * (MORE_THAN_A_BUFFER >> 8)
    pair.write(large)
    pair.write(b"end")
    assert pair.done == []
    assert 0 < pair.channel.unsent < len(large)
    assert await pair.read(len(large) + 3) == large + b"end"
    assert (pair.done, pair.channel.unsent) == ([True, True], 0)
    pair.close()


@scenario
async def test_the_stream_ends_after_what_was_written(rt: Runtime) -> None:
    pair = Pair(rt)
    pair.write(bytes(MORE_THAN_A_BUFFER))
    pair.channel.end()
    pair.write(b"too late")
    assert pair.done == [False]
    assert len(await pair.read(1 << 30)) == MORE_THAN_A_BUFFER
    assert pair.done == [False, True]
    pair.close()


@scenario
async def test_a_stream_that_has_ended_is_still_heard(rt: Runtime) -> None:
    pair = Pair(rt)
    pair.channel.resume()
    pair.channel.end()
    assert pair.other.recv(1) == b""
    pair.other.send(b"last words")
    await pair.arrived.wait()
    assert pair.heard == [b"last words"]
    pair.close()


@scenario
async def test_who_writes_to_nobody_is_told_and_gets_no_signal(rt: Runtime) -> None:
    pair = Pair(rt)
    pair.other.close()
    before = signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    try:
        pair.write(b"x")
        pair.write(b"y")
    finally:
        signal.signal(signal.SIGPIPE, before)
    assert pair.done == [False, False]
    pair.close()


@scenario
async def test_closing_tells_those_who_still_wait_and_may_be_repeated(
    rt: Runtime,
) -> None:
    pair = Pair(rt)
    pair.write(bytes(MORE_THAN_A_BUFFER))
    pair.channel.close()
    assert pair.done == [False]
    pair.close()


@scenario
async def test_the_other_sides_end_is_no_busy_loop(rt: Runtime) -> None:
    pair = Pair(rt)
    pair.channel.resume()
    pair.other.shutdown(socket.SHUT_WR)
    await wait_until_idle(rt)
    assert not pair.channel._watch._watching
    pair.close()


@scenario
async def test_draining_hears_what_is_there_even_when_paused(rt: Runtime) -> None:
    pair = Pair(rt)
    pair.other.send(b"x" * 100_000)
    pair.channel.drain()
    pair.channel.drain()
    assert pair.heard == [b"x" * 100_000]
    pair.close()


@pytest.mark.timeout(5)
@scenario
async def test_draining_ends_though_somebody_goes_on_writing(rt: Runtime) -> None:
    class Tireless(Pair):
        def hear(self, data: bytes) -> None:
            super().hear(data)
            self.other.send(b"more")

    pair = Tireless(rt)
    pair.other.send(b"one")
    pair.channel.drain()
    assert pair.heard == [b"one"]
    pair.close()
