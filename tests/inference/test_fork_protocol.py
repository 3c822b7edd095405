from __future__ import annotations

import os
import signal
import socket
from collections.abc import Iterator

import pytest

from exmc.inference.fork_protocol import (
    Connect,
    Exited,
    Fork,
    Forked,
    Message,
    NotForked,
    exited,
    receive_message,
    send_message,
)

Pair = tuple[socket.socket, socket.socket]


@pytest.fixture
def pair() -> Iterator[Pair]:
    left, right = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with left, right:
        yield left, right


@pytest.mark.parametrize(
    "message",
    [Connect(), Fork(), Forked(7), NotForked("no room"), Exited(7, "signal", 9)],
    ids=lambda m: type(m).__name__,
)
def test_every_message_arrives_as_it_was_sent(pair: Pair, message: Message) -> None:
    send_message(pair[0], message)
    assert receive_message(pair[1]) == (message, [])


def test_a_descriptor_travels_and_is_not_inherited(pair: Pair) -> None:
    read, write = os.pipe()
    send_message(pair[0], Fork(), (write,))
    os.close(write)
    received = receive_message(pair[1])
    assert received is not None
    (travelled,) = received[1]
    os.write(travelled, b"hello")
    assert os.get_inheritable(travelled) is False
    os.close(travelled)
    assert os.read(read, 10) == b"hello"
    os.close(read)


def test_sending_to_nobody_is_an_error_and_no_signal(pair: Pair) -> None:
    pair[1].close()
    before = signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    try:
        with pytest.raises(BrokenPipeError):
            send_message(pair[0], Fork())
    finally:
        signal.signal(signal.SIGPIPE, before)


def test_the_end_of_the_stream_is_none(pair: Pair) -> None:
    pair[0].close()
    assert receive_message(pair[1]) is None


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (0, Exited(5, "exit", 0)),
        (3 << 8, Exited(5, "exit", 3)),
        (9, Exited(5, "signal", 9)),
    ],
)
def test_a_wait_status_is_read_as_exit_or_signal(status: int, expected: Exited) -> None:
    assert exited(5, status) == expected
