"""The actor through which chain ports ask the zygote for workers."""

from __future__ import annotations

import logging
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from exmc.actors import (
    GenServer,
    Request,
    call,
    mark_progress,
    noreply,
    reply,
    send,
    stop_with,
)
from exmc.actors.port.descriptor import Descriptor
from exmc.actors.port.descriptor_watch import Watch
from exmc.actors.port.on_exit import on_exit
from exmc.inference.fork_protocol import (
    Exited,
    Fork,
    Forked,
    NotForked,
    receive_message,
    send_message,
)
from exmc.inference.zygote_process import ZYGOTE

if TYPE_CHECKING:
    import socket

    from exmc.actors import Address, Call, CallOutcome, Outcome
    from exmc.inference.fork_protocol import Message

logger = logging.getLogger("exmc.inference")

FORK_SECONDS = 60.0
"""A new zygote imports the sampler before it answers; a loaded machine is slow."""

NO_ROOM = "this process may have no more open files (raise `ulimit -n`)"


class ForkError(Exception):
    """The operating system refused a worker process."""


@dataclass(frozen=True, slots=True)
class Worker:
    """A live worker process.

    Attributes:
        os_pid: The operating system's pid.
        pidfd: Readable once the worker is dead; the receiver owns it.
    """

    os_pid: int
    pidfd: Descriptor


@dataclass(frozen=True, slots=True)
class _Fork(Request["Worker | ForkError"]):
    sock: socket.socket


@dataclass(frozen=True, slots=True)
class _HowItEnded(Request[Exited]):
    os_pid: int


@dataclass(frozen=True, slots=True)
class _Said:
    message: Message | None
    descriptors: list[Descriptor]


class ZygoteClient(GenServer):
    """Asks for workers, and remembers how each one ended until it is asked."""

    trap_exit = True

    def init(self) -> None:
        """Connect; the zygote is started if there is none."""
        self._sock = ZYGOTE.connect()
        self._forking: deque[Call] = deque()
        self._ended: dict[int, Exited] = {}
        self._asking: dict[int, Call] = {}
        self._alive: set[int] = set()
        self._watch = Watch(self._sock, self._readable)
        # The zygote then ends this client's workers.
        on_exit(self._watch.close)

    def handle_call(self, request: _Fork | _HowItEnded, caller: Call) -> CallOutcome:
        """Fork a worker, or tell how one ended."""
        match request:
            case _Fork(sock):
                send_message(self._sock, Fork(), (sock.fileno(),))
                self._forking.append(caller)
            case _HowItEnded(os_pid):
                if os_pid in self._ended:
                    return reply(self._ended.pop(os_pid))
                if os_pid not in self._alive:
                    # Forked by a zygote before this one, and dead with it.
                    return reply(Exited(os_pid, "lost", 0))
                self._asking[os_pid] = caller
        return noreply()

    def handle_info(self, message: _Said) -> Outcome:
        """Take what the zygote says."""
        match message:
            case _Said(None, _):
                logger.warning("The zygote died, its workers too; another is started.")
                return stop_with(("lost", 0))
            case _Said(Forked(os_pid), [pidfd]):
                self._alive.add(os_pid)
                self._forking.popleft().reply(Worker(os_pid, pidfd))
                mark_progress()
            case _Said(Forked(os_pid), _):
                # Its port lets go of its socket, and so it ends by itself.
                self._alive.add(os_pid)
                self._forking.popleft().reply(ForkError(NO_ROOM))
            case _Said(NotForked(error), _):
                self._forking.popleft().reply(ForkError(error))
            case _Said(Exited() as ended, _):
                self._note_end(ended)
            case _:
                pass
        return None

    def _note_end(self, ended: Exited) -> None:
        self._alive.discard(ended.os_pid)
        asking = self._asking.pop(ended.os_pid, None)
        if asking is not None:
            asking.reply(ended)
        else:
            self._ended[ended.os_pid] = ended

    def _readable(self) -> None:
        try:
            received = receive_message(self._sock)
        except BlockingIOError:
            return
        except OSError:
            received = None
        if received is None:
            self._watch.pause()
            send(self.pid, _Said(None, []))
        else:
            message, descriptors = received
            send(self.pid, _Said(message, [Descriptor(d) for d in descriptors]))


async def fork_worker(zygote: Address, sock: socket.socket) -> Worker:
    """Fork a worker on a socket; the caller closes its own copy afterwards.

    Raises:
        ForkError: The operating system has no room for another process.
    """
    answer = await call(zygote, _Fork(sock), timeout=FORK_SECONDS)
    if isinstance(answer, ForkError):
        raise answer
    return answer


async def how_it_ended(zygote: Address, os_pid: int) -> Exited:
    """Wait until a worker is reaped; return how it ended."""
    return await call(zygote, _HowItEnded(os_pid), timeout=FORK_SECONDS)
