"""The zygote: a small single-threaded process that forks chain workers.

It is started by exec and has the sampler imported already, so a worker is there a
few milliseconds after it was asked for; one that has finished its work is lent out
again, which is cheaper still. It does not import the user's main module,
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
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec

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
from exmc.inference.worker import serve
from exmc.inference.worker_life import IDLE, LENT, live

if TYPE_CHECKING:
    from exmc.inference.worker_life import Serve

PR_SET_PDEATHSIG = 1

MOST_IDLE = 16
"""Workers that are kept for later work; more end when they have finished."""


@dataclass(slots=True)
class Client:
    """Somebody who asks for workers.

    Attributes:
        sock: Where it asks.
        workers: Those that work for it, by operating-system pid.
    """

    sock: socket.socket
    workers: dict[int, Forkling] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class Forkling:
    """A worker as the zygote sees it.

    Attributes:
        os_pid: The operating system's pid.
        pidfd: Readable once it is dead.
        lease: Where it says that it is idle, and is lent out again.
        client: Whom it works for; None while it is idle.
    """

    os_pid: int
    pidfd: int
    lease: socket.socket
    client: Client | None


class Zygote:
    """Forks workers for its clients and tells them when one has died."""

    def __init__(self, control: socket.socket, serve: Serve) -> None:
        self._control = control
        self._serve = serve
        self._clients: list[Client] = []
        self._idle: list[Forkling] = []
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
        for worker in list(self._idle):
            self._end(worker)

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
        for worker in list(client.workers.values()):
            if not self._rested(worker):
                self._end(worker)

    def _fork(self, client: Client, descriptor: int) -> None:
        """Lend an idle worker, or fork one, for the socket of this descriptor."""
        try:
            if not self._lent(client, descriptor):
                self._forked(client, descriptor)
        except OSError as error:
            self._tell(client, NotForked(str(error)))
        finally:
            os.close(descriptor)

    def _lent(self, client: Client, descriptor: int) -> bool:
        while self._idle:
            worker = self._idle.pop()
            try:
                socket.send_fds(worker.lease, [LENT], [descriptor])
            except OSError:
                # It is dying; its pidfd will say so.
                continue
            self._employ(worker, client)
            return True
        return False

    def _forked(self, client: Client, descriptor: int) -> None:
        parent = os.getpid()
        lease, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            try:
                os_pid = os.fork()
                if os_pid == 0:
                    lease.close()
                    self._become_worker(parent, descriptor, theirs)
                pidfd = _pidfd(os_pid)
            except OSError:
                lease.close()
                raise
        worker = Forkling(os_pid, pidfd, lease, client)
        watch, read = self._selector.register, selectors.EVENT_READ
        watch(pidfd, read, lambda: self._reap(worker))
        watch(lease, read, lambda: self._rested(worker))
        self._employ(worker, client)

    def _employ(self, worker: Forkling, client: Client) -> None:
        worker.client = client
        client.workers[worker.os_pid] = worker
        self._tell(client, Forked(worker.os_pid), (worker.pidfd,))

    def _rested(self, worker: Forkling) -> bool:
        """Take a worker back if it says that it is idle; tell whether it does."""
        try:
            said = worker.lease.recv(16, socket.MSG_DONTWAIT)
        except OSError:
            return False
        if said != IDLE:
            # Its end is closed: it is dying, and its pidfd will say so.
            self._selector.unregister(worker.lease)
            worker.lease.close()
            return False
        if worker.client is not None:
            worker.client.workers.pop(worker.os_pid)
            worker.client = None
        if len(self._idle) < MOST_IDLE:
            self._idle.append(worker)
        else:
            worker.lease.shutdown(socket.SHUT_RDWR)
        return True

    def _end(self, worker: Forkling) -> None:
        os.kill(worker.os_pid, signal.SIGKILL)
        self._reap(worker)

    def _reap(self, worker: Forkling) -> None:
        self._selector.unregister(worker.pidfd)
        os.close(worker.pidfd)
        if worker.lease.fileno() >= 0:
            self._selector.unregister(worker.lease)
            worker.lease.close()
        _pid, status = os.waitpid(worker.os_pid, 0)
        if worker in self._idle:
            self._idle.remove(worker)
        if worker.client is not None:
            worker.client.workers.pop(worker.os_pid)
            self._tell(worker.client, exited(worker.os_pid, status))

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

    def _become_worker(
        self, parent: int, descriptor: int, lease: socket.socket
    ) -> None:
        """Never returns: a worker leaves nothing of the zygote's to clean up."""
        code = 70
        try:
            ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
            if os.getppid() != parent:
                os._exit(code)
            os.setpgid(0, 0)
            self._close_inherited()
            code = live(descriptor, lease, self._serve)
        except BaseException:
            traceback.print_exc()
            raise
        finally:
            sys.stderr.flush()
            os._exit(code)

    def _close_inherited(self) -> None:
        self._selector.close()
        self._control.close()
        employed = [w for client in self._clients for w in client.workers.values()]
        for client in self._clients:
            client.sock.close()
        for worker in (*employed, *self._idle):
            os.close(worker.pidfd)
            worker.lease.close()


def _pidfd(os_pid: int) -> int:
    """Open a child's pidfd, or end the child."""
    try:
        return os.pidfd_open(os_pid)
    except OSError:
        os.kill(os_pid, signal.SIGKILL)
        os.waitpid(os_pid, 0)
        raise


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
        Zygote(control, serve).run()
