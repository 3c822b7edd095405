from __future__ import annotations

import os
import select
import signal
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import exmc
from exmc.inference.fork_protocol import (
    Exited,
    Fork,
    Forked,
    Message,
    receive_message,
    send_message,
)
from exmc.inference.zygote_process import ZygoteProcess, module_path

pytestmark = [pytest.mark.slow, pytest.mark.end_to_end, pytest.mark.timeout(60)]


@pytest.fixture
def zygote() -> Iterator[ZygoteProcess]:
    process = ZygoteProcess()
    yield process
    process.close()


def answer(client: socket.socket) -> tuple[Message, list[int]]:
    client.setblocking(True)
    received = receive_message(client)
    assert received is not None
    return received


def forked(client: socket.socket) -> tuple[int, int, socket.socket]:
    """A worker's pid and pidfd, and our end of its socket."""
    ours, theirs = socket.socketpair()
    with theirs:
        send_message(client, Fork(), (theirs.fileno(),))
    message, (pidfd,) = answer(client)
    assert isinstance(message, Forked)
    return message.os_pid, pidfd, ours


def dead(pidfd: int) -> bool:
    """Whether the process dies within ten seconds."""
    readable, _, _ = select.select([pidfd], [], [], 10.0)
    return bool(readable)


def test_a_worker_lives_until_its_socket_closes(zygote: ZygoteProcess) -> None:
    with zygote.connect() as client:
        os_pid, pidfd, sock = forked(client)
        assert select.select([pidfd], [], [], 0.0)[0] == []
        sock.close()
        assert dead(pidfd)
        assert answer(client) == (Exited(os_pid, "exit", 0), [])
        os.close(pidfd)


def test_how_a_worker_was_killed_is_told(zygote: ZygoteProcess) -> None:
    with zygote.connect() as client:
        os_pid, pidfd, sock = forked(client)
        os.kill(os_pid, signal.SIGKILL)
        assert answer(client) == (Exited(os_pid, "signal", 9), [])
        os.close(pidfd)
        sock.close()


def test_a_client_that_leaves_takes_its_own_workers_with_it(
    zygote: ZygoteProcess,
) -> None:
    with zygote.connect() as stays:
        leaves = zygote.connect()
        _, staying, sock = forked(stays)
        _, leaving, other = forked(leaves)
        leaves.close()
        assert dead(leaving)
        assert select.select([staying], [], [], 0.0)[0] == []
        for pidfd in (staying, leaving):
            os.close(pidfd)
        sock.close()
        other.close()


def test_no_worker_outlives_a_zygote_that_is_killed(zygote: ZygoteProcess) -> None:
    with zygote.connect() as client:
        _, pidfd, sock = forked(client)
        assert zygote._process is not None
        zygote._process.kill()
        assert dead(pidfd)
        os.close(pidfd)
        sock.close()


def test_a_zygote_that_died_is_replaced_at_the_next_connection(
    zygote: ZygoteProcess,
) -> None:
    with zygote.connect():
        first = zygote._process
        assert first is not None
        first.kill()
        first.wait()
    with zygote.connect() as client:
        assert zygote._process is not first
        _, pidfd, sock = forked(client)
        os.close(pidfd)
        sock.close()


def test_entries_that_name_no_folder_do_not_travel(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "path", ["a", Path("b")])
    assert module_path() == ["a", str(Path(exmc.__file__).parent.parent)]


def test_closing_ends_every_worker(zygote: ZygoteProcess) -> None:
    with zygote.connect() as client:
        _, pidfd, sock = forked(client)
        zygote.close()
        assert dead(pidfd)
        os.close(pidfd)
        sock.close()


def test_a_forked_child_lets_go_of_its_parents_zygote(zygote: ZygoteProcess) -> None:
    with zygote.connect() as client:
        process = zygote._process
        assert process is not None
        twin = ZygoteProcess()
        twin._process, twin._control = process, socket.socket()
        twin.forget()
        assert not hasattr(twin._control, "fileno")
        process.returncode = None
        _, pidfd, sock = forked(client)
        os.close(pidfd)
        sock.close()
