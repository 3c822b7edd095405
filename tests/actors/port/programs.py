"""Operating-system processes for the tests of ports."""

from __future__ import annotations

import os
import select
import socket
import subprocess
import sys
from dataclasses import dataclass

from exmc.actors.port.os_process import OsProcess

pidfd_open = os.pidfd_open
"""The system's own, when a test takes it away from the code."""

SECONDS = 10.0
"""What the machine may take for anything it is waited for here."""


def python(code: str, *arguments: str) -> list[str]:
    """The command that runs a piece of Python, fast to start."""
    return [sys.executable, "-I", "-S", "-c", code, *arguments]


def shell(code: str) -> list[str]:
    return ["/bin/sh", "-c", code]


@dataclass(frozen=True)
class Child:
    """A shell in a session of its own, whose input and output are `sock`."""

    process: OsProcess
    sock: socket.socket

    def let_go(self) -> None:
        """End its input, and wait for it."""
        self.sock.close()
        self.process.wait()

    def say(self) -> str:
        """Wait for a line of its output."""
        return self.sock.recv(100).decode().strip()

    def dead(self) -> OsProcess:
        """Wait until it is dead, without reaping it."""
        assert self.process.pidfd is not None
        assert becomes_readable(self.process.pidfd.fileno())
        self.sock.close()
        return self.process


def child(command: str = "read line") -> Child:
    ours, theirs = socket.socketpair()
    actions = [(os.POSIX_SPAWN_DUP2, theirs.fileno(), number) for number in (0, 1)]
    shell = ["sh", "-c", command]
    with theirs:
        os_pid = os.posix_spawn(
            "/bin/sh", shell, os.environ, file_actions=actions, setsid=True
        )
    try:
        return Child(OsProcess(os_pid), ours)
    except OSError:
        ours.close()
        raise


def becomes_readable(descriptor: int, seconds: float = SECONDS) -> bool:
    return bool(select.select([descriptor], [], [], seconds)[0])


class Witness:
    """Tells whether a process is gone, whoever reaps it."""

    def __init__(self, os_pid: int) -> None:
        self._pidfd = pidfd_open(os_pid)

    def gone(self, seconds: float = SECONDS) -> bool:
        """Wait until it is dead, and tell whether it is."""
        try:
            return becomes_readable(self._pidfd, seconds)
        finally:
            os.close(self._pidfd)


def with_program(code: str) -> subprocess.Popen[str]:
    """Start a program that uses the runtime, to be killed."""
    return subprocess.Popen(
        [sys.executable, "-c", code],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": ":".join(p for p in sys.path if p)},
    )
