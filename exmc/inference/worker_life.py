"""A worker process between its forking and its end: one assignment after another.

A worker that has finished a chain is worth keeping: its memory is laid out, and the
next chain costs no fork. The zygote lends it out again over its lease, a socket
between the two.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from typing import Final, TypeAlias

from exmc.inference.worker import Served

Serve: TypeAlias = Callable[[socket.socket], Served]
"""What a worker does with its socket."""

IDLE: Final = b"idle"
"""Said on the lease: the work is done, and whoever asked for it has heard so."""

LENT: Final = b"lent"
"""Said on the lease, with a socket beside it: here is more work."""


def live(descriptor: int, lease: socket.socket, serve: Serve) -> int:
    """Serve on one socket after another; return the exit code of the process.

    Args:
        descriptor: Of the first socket.
        lease: To the zygote, of kind SOCK_SEQPACKET.
        serve: Does the work that arrives on a socket.
    """
    while True:
        with socket.socket(fileno=descriptor) as sock:
            served = serve(sock)
            if served is not Served.FINISHED:
                return served.exit_code
            await_close(sock)
        lent = await_lease(lease)
        if lent is None:
            return 0
        descriptor = lent


def await_lease(lease: socket.socket) -> int | None:
    """Say that this worker is idle; return the next socket's descriptor.

    None when there will be none: the zygote is gone, or has enough idle workers.
    """
    try:
        lease.send(IDLE)
        said, descriptors, _, _ = socket.recv_fds(lease, 16, 1)
    except OSError:
        return None
    if said != LENT or not descriptors:
        return None
    os.set_inheritable(descriptors[0], False)  # noqa: FBT003 - os has it so
    return descriptors[0]


def await_close(sock: socket.socket) -> None:
    """Wait until the other end is closed: until then a kill is meant for this work."""
    try:
        while sock.recv(1 << 16):
            pass
    except OSError:
        return
