from __future__ import annotations

import socket
import threading
from pathlib import Path

import pytest

from exmc.inference.worker import Served
from exmc.inference.worker_life import IDLE, LENT, Serve, live


class Worker:
    """A worker's life on a thread, seen from the zygote."""

    def __init__(self, serve: Serve) -> None:
        self.asked, theirs = socket.socketpair()
        self.lease, self._theirs = socket.socketpair(
            socket.AF_UNIX, socket.SOCK_SEQPACKET
        )
        self.codes: list[int] = []
        self._thread = threading.Thread(target=self._live, args=(theirs, serve))
        self._thread.start()

    def _live(self, sock: socket.socket, serve: Serve) -> None:
        self.codes.append(live(sock.detach(), self._theirs, serve))

    def finish(self) -> None:
        """Let the first work be done, and heard of."""
        self.asked.send(b"FINISHED")
        assert self.asked.recv(20) == b"done FINISHED"
        self.asked.close()

    def lend(self) -> socket.socket:
        ours, theirs = socket.socketpair()
        with theirs:
            socket.send_fds(self.lease, [LENT], [theirs.fileno()])
        return ours

    def exit_code(self) -> int:
        self._thread.join()
        self._theirs.close()
        self.lease.close()
        self.asked.close()
        return self.codes[0]


def answering(sock: socket.socket) -> Served:
    """Says its work, then ends as it is told."""
    word = sock.recv(10).decode()
    sock.send(b"done " + word.encode())
    return Served[word]


def test_a_finished_worker_is_idle_once_it_was_heard_and_works_again() -> None:
    worker = Worker(answering)
    worker.asked.send(b"FINISHED")
    assert worker.asked.recv(20) == b"done FINISHED"
    worker.lease.setblocking(False)
    with pytest.raises(BlockingIOError):
        worker.lease.recv(16)
    worker.lease.setblocking(True)
    worker.asked.close()
    assert worker.lease.recv(16) == IDLE
    with worker.lend() as again:
        again.send(b"ABANDONED")
        assert again.recv(20) == b"done ABANDONED"
    assert worker.exit_code() == 0


@pytest.mark.parametrize(("word", "code"), [("FAILED", 1), ("ABANDONED", 0)])
def test_a_worker_that_did_not_finish_ends(word: str, code: int) -> None:
    worker = Worker(answering)
    worker.asked.send(word.encode())
    assert worker.exit_code() == code


def test_an_idle_worker_without_a_zygote_ends_quietly() -> None:
    worker = Worker(answering)
    worker.lease.close()
    worker.finish()
    assert worker.exit_code() == 0


def test_an_idle_worker_that_is_one_too_many_ends() -> None:
    worker = Worker(answering)
    worker.finish()
    assert worker.lease.recv(16) == IDLE
    worker.lease.shutdown(socket.SHUT_RDWR)
    assert worker.exit_code() == 0


def test_no_descriptor_is_left_open() -> None:
    before = len(list(Path("/proc/self/fd").iterdir()))
    worker = Worker(answering)
    worker.finish()
    assert worker.lease.recv(16) == IDLE
    with worker.lend() as again:
        again.send(b"ABANDONED")
        again.recv(20)
    worker.exit_code()
    assert len(list(Path("/proc/self/fd").iterdir())) == before
