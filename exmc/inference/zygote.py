"""The zygote: a small single-threaded process that forks chain workers.

It is started by exec and has the sampler imported already, so a worker is there a
few milliseconds after it was asked for. It does not import the user's main module,
so a script needs no `if __name__ == "__main__"` guard.

Orphan protection: a client's end of stream kills the client's workers, the control
socket's end of stream ends everything, and a worker dies with the zygote
(PR_SET_PDEATHSIG; the zygote has one thread, so the signal cannot come early).
"""

from __future__ import annotations

import ctypes
import gc
import os
import selectors
import signal
import socket
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

import msgspec

from exmc.gradient import numpy_emitter, parse, strict_emitter
from exmc.inference import worker
from exmc.inference.fork_protocol import (
    Connect,
    Exited,
    Fork,
    Forked,
    NotForked,
    exited,
    receive_message,
    send_message,
)
from exmc.native import function, loading
from exmc.sampler import native_engine

PR_SET_PDEATHSIG = 1

PRELOADED = (numpy_emitter, strict_emitter, parse, function, loading, native_engine)
"""What workers of some speed import: here it is imported once for all of them."""

Serve: TypeAlias = Callable[[socket.socket], int]
"""What a worker does with its socket; the answer is its exit code."""


@dataclass(slots=True)
class Client:
    """Somebody who asks for workers.

    Attributes:
        sock: Where it asks.
        workers: Its live workers: operating-system pid -> pidfd.
    """

    sock: socket.socket
    workers: dict[int, int] = field(default_factory=dict)


class Zygote:
    """Forks workers for its clients and tells them when one has died."""

    def __init__(self, control: socket.socket, serve: Serve) -> None:
        self._control = control
        self._serve = serve
        self._clients: list[Client] = []
        self._selector = selectors.DefaultSelector()
        self._selector.register(control, selectors.EVENT_READ, self._admit)
        self._running = True

    def run(self) -> None:
        """Serve until the control socket's end of stream, then kill every worker."""
        while self._running:
            for key, _events in self._selector.select():
                # An event before it in this round may have closed what it is about.
                if self._selector.get_map().get(key.fd) is key:
                    key.data()
        for client in list(self._clients):
            self._dismiss(client)

    def _admit(self) -> None:
        received = receive_message(self._control)
        if received is None:
            self._running = False
            return
        message, descriptors = received
        if isinstance(message, Connect) and descriptors:
            client = Client(socket.socket(fileno=descriptors[0]))
            self._clients.append(client)
            self._selector.register(
                client.sock, selectors.EVENT_READ, lambda: self._listen(client)
            )

    def _listen(self, client: Client) -> None:
        try:
            received = receive_message(client.sock)
        except (OSError, msgspec.DecodeError):
            received = None
        if received is None:
            self._dismiss(client)
            return
        message, descriptors = received
        if isinstance(message, Fork) and descriptors:
            self._fork(client, descriptors[0])
        elif isinstance(message, Fork):
            self._tell(client, NotForked("the zygote may have no more open files"))

    def _dismiss(self, client: Client) -> None:
        if client not in self._clients:
            return
        self._clients.remove(client)
        self._selector.unregister(client.sock)
        client.sock.close()
        for os_pid in list(client.workers):
            os.kill(os_pid, signal.SIGKILL)
            self._reap(client, os_pid)

    def _fork(self, client: Client, descriptor: int) -> None:
        parent = os.getpid()
        try:
            os_pid = os.fork()
        except OSError as error:
            os.close(descriptor)
            self._tell(client, NotForked(str(error)))
            return
        if os_pid == 0:
            self._become_worker(parent, descriptor)
        os.close(descriptor)
        try:
            pidfd = os.pidfd_open(os_pid)
        except OSError as error:
            os.kill(os_pid, signal.SIGKILL)
            os.waitpid(os_pid, 0)
            self._tell(client, NotForked(str(error)))
            return
        client.workers[os_pid] = pidfd
        self._selector.register(
            pidfd, selectors.EVENT_READ, lambda: self._reap(client, os_pid)
        )
        self._tell(client, Forked(os_pid), (pidfd,))

    def _reap(self, client: Client, os_pid: int) -> None:
        pidfd = client.workers.pop(os_pid)
        self._selector.unregister(pidfd)
        os.close(pidfd)
        _pid, status = os.waitpid(os_pid, 0)
        self._tell(client, exited(os_pid, status))

    def _tell(
        self,
        client: Client,
        message: Forked | NotForked | Exited,
        descriptors: tuple[int, ...] = (),
    ) -> None:
        # A client that is gone is dismissed by its own end of stream.
        if client in self._clients:
            try:
                send_message(client.sock, message, descriptors)
            except OSError:
                self._dismiss(client)

    def _become_worker(self, parent: int, descriptor: int) -> None:
        """Never returns: a worker leaves nothing of the zygote's to clean up."""
        code = 70
        try:
            ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
            if os.getppid() != parent:
                os._exit(code)
            os.setpgid(0, 0)
            self._close_inherited()
            with socket.socket(fileno=descriptor) as sock:
                code = self._serve(sock)
        except BaseException:
            traceback.print_exc()
            raise
        finally:
            sys.stderr.flush()
            os._exit(code)

    def _close_inherited(self) -> None:
        self._selector.close()
        self._control.close()
        for client in self._clients:
            client.sock.close()
            for pidfd in client.workers.values():
                os.close(pidfd)


def main() -> None:
    """Run the zygote on the control socket whose descriptor is the last argument."""
    # The terminal's Ctrl-C is for the person's own process; what it means for the
    # workers is decided there.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # If the person's process ignores its children, this one must not: it would
    # never hear how its workers end.
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    gc.freeze()
    with socket.socket(fileno=int(sys.argv[-1])) as control:
        Zygote(control, worker.serve).run()
