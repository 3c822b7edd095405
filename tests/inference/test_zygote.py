"""The zygote's own dangers; what it does in order is in test_zygote_process.py."""

from __future__ import annotations

import os
import signal

import pytest

from exmc.inference.fork_protocol import Exited, Fork, NotForked, send_message
from exmc.inference.zygote_process import ZygoteProcess
from tests.inference.test_zygote_process import answer, forked

pytestmark = [pytest.mark.slow, pytest.mark.end_to_end, pytest.mark.timeout(60)]


def test_clients_that_leave_while_their_workers_die_do_no_harm() -> None:
    zygote = ZygoteProcess()
    try:
        for _ in range(30):
            with zygote.connect() as client:
                workers = [forked(client) for _ in range(2)]
                for os_pid, _, _ in workers:
                    os.kill(os_pid, signal.SIGKILL)
            for _, pidfd, sock in workers:
                os.close(pidfd)
                sock.close()
        process = zygote._process
        assert process is not None
        assert process.poll() is None
        with zygote.connect() as client:
            _, pidfd, sock = forked(client)
            os.close(pidfd)
            sock.close()
        assert zygote._process is process
    finally:
        zygote.close()


def test_a_parent_that_ignores_its_children_has_a_zygote_that_does_not() -> None:
    before = signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    zygote = ZygoteProcess()
    try:
        with zygote.connect() as client:
            for _ in range(2):
                os_pid, pidfd, sock = forked(client)
                sock.close()
                assert answer(client) == (Exited(os_pid, "exit", 0), [])
                os.close(pidfd)
    finally:
        signal.signal(signal.SIGCHLD, before)
        zygote.close()


def test_a_request_without_its_descriptor_is_refused() -> None:
    zygote = ZygoteProcess()
    try:
        with zygote.connect() as client:
            send_message(client, Fork())
            message, _ = answer(client)
            assert isinstance(message, NotForked)
            _, pidfd, sock = forked(client)
            os.close(pidfd)
            sock.close()
    finally:
        zygote.close()


def test_what_is_no_request_is_dropped_with_its_sender_only() -> None:
    zygote = ZygoteProcess()
    try:
        with zygote.connect() as good, zygote.connect() as bad:
            bad.setblocking(True)
            bad.send(b"no message of ours")
            assert bad.recv(100) == b""
            _, pidfd, sock = forked(good)
            os.close(pidfd)
            sock.close()
    finally:
        zygote.close()
