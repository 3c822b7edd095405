from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from exmc.frames import Frame, FrameReader, Kind, encode
from exmc.inference.worker_socket import ParentGoneError, WorkerSocket

Pair = tuple[socket.socket, socket.socket]


@pytest.fixture
def pair() -> Iterator[Pair]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


def test_frames_arrive_whole_and_in_order(pair: Pair) -> None:
    parent, worker = pair
    frames = [Frame(Kind.COMMAND, payload=bytes([i])) for i in range(3)]
    data = b"".join(map(encode, frames))
    parent.sendall(data[:70])
    link = WorkerSocket(worker)
    assert link.receive() == frames[0]
    assert list(link.arrived()) == []
    parent.sendall(data[70:])
    assert list(link.arrived()) == frames[1:]


def test_what_is_sent_is_a_frame(pair: Pair) -> None:
    parent, worker = pair
    WorkerSocket(worker).send(Frame(Kind.DONE, chain=3))
    assert FrameReader().feed(parent.recv(1000)) == [Frame(Kind.DONE, chain=3)]


def test_a_parent_that_is_gone_is_noticed_at_each_touch(pair: Pair) -> None:
    parent, worker = pair
    parent.close()
    link = WorkerSocket(worker)
    with pytest.raises(ParentGoneError):
        link.receive()
    with pytest.raises(ParentGoneError):
        list(link.arrived())
    with pytest.raises(ParentGoneError):
        link.send(Frame(Kind.DONE))
