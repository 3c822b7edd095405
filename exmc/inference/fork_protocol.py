"""What the zygote and its clients say to each other, and how file descriptors travel.

One datagram a message on a SOCK_SEQPACKET socket: a JSON object, and the file
descriptors it speaks of beside it (SCM_RIGHTS).

client -> zygote   Connect + [client socket]   on the control socket only
                   Fork    + [worker socket]
zygote -> client   Forked  + [pidfd]           answers come in the order of the requests
                   NotForked
                   Exited                      once for each forked worker
"""

from __future__ import annotations

import os
import socket
from array import array
from typing import TypeAlias

import msgspec

MAX_MESSAGE = 65536


class Connect(msgspec.Struct, frozen=True, tag="connect"):
    """A new client; its socket travels beside the message."""


class Fork(msgspec.Struct, frozen=True, tag="fork"):
    """Fork a worker on the socket that travels beside the message."""


class Forked(msgspec.Struct, frozen=True, tag="forked"):
    """A worker lives; its pidfd travels beside the message."""

    os_pid: int


class NotForked(msgspec.Struct, frozen=True, tag="not_forked"):
    """The operating system refused a new process."""

    error: str


class Exited(msgspec.Struct, frozen=True, tag="exited"):
    """A worker has died.

    Attributes:
        os_pid: Which.
        how: "exit", "signal", or "lost" when nobody is left who could tell.
        code: The exit code or the signal's number; 0 when lost.
    """

    os_pid: int
    how: str
    code: int


Message: TypeAlias = Connect | Fork | Forked | NotForked | Exited

_decoder = msgspec.json.Decoder(Message)


def send_message(
    sock: socket.socket, message: Message, descriptors: tuple[int, ...] = ()
) -> None:
    """Send one message and duplicates of `descriptors`; OSError if the peer is gone."""
    data = msgspec.json.encode(message)
    rights = array("i", descriptors)
    beside = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, rights)] if descriptors else []
    # A program may have given SIGPIPE its deadly meaning back.
    sock.sendmsg([data], beside, socket.MSG_NOSIGNAL)


def receive_message(sock: socket.socket) -> tuple[Message, list[int]] | None:
    """Return the next message and its descriptors, or None at the end of the stream.

    Descriptors for which this process has no room are missing.

    Raises:
        BlockingIOError: Nothing there, on a non-blocking socket.
    """
    data, descriptors, _flags, _address = socket.recv_fds(sock, MAX_MESSAGE, 4)
    if not data:
        return None
    for descriptor in descriptors:
        os.set_inheritable(descriptor, False)  # noqa: FBT003 - os has it so
    return _decoder.decode(data), descriptors


def exited(os_pid: int, wait_status: int) -> Exited:
    """Translate a status of `os.waitpid`."""
    code = os.waitstatus_to_exitcode(wait_status)
    if code < 0:
        return Exited(os_pid, "signal", -code)
    return Exited(os_pid, "exit", code)
