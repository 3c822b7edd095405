"""Starting an operating-system process on one end of a stream.

The new process begins as the shim (shim.py), which cannot be caught half-way by the
death of this process, and becomes the command.
"""

from __future__ import annotations

import errno
import os
import signal
import socket
import sys
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from exmc.actors.errors import PortOpenError
from exmc.actors.port.descriptor import Descriptor
from exmc.actors.port.descriptor_watch import Watch
from exmc.actors.port.once import Once
from exmc.actors.port.os_process import OsProcess
from exmc.actors.port.standard_streams import occupy_closed

if TYPE_CHECKING:
    from exmc.actors.clock import Clock
    from exmc.actors.port.port_spec import PortSpec

SHIM: Final = Path(__file__).with_name("shim.py")

# What Python, or the program, ignores would stay ignored in the command.
DEFAULTS: Final = tuple(
    getattr(signal, name)
    for name in ("SIGPIPE", "SIGXFSZ", "SIGCHLD")
    if hasattr(signal, name)
)

NO_ROOM: Final = {errno.EMFILE, errno.ENFILE, errno.EAGAIN, errno.ENOMEM}
"""What the system says when there is too much of something."""


@dataclass(frozen=True, slots=True)
class Launched:
    """A process on its way to become its command.

    Attributes:
        process: The process.
        sock: This side of the stream.
        complaints: Ends when it has become its command; before, it may say that it
            cannot.
    """

    process: OsProcess
    sock: socket.socket
    complaints: Descriptor


def launch_process(spec: PortSpec) -> Launched:
    """Start the process of a port. About 1 ms; it becomes its command about 15 later.

    On Linux the process dies with the thread that calls this: call it in the loop's.

    Raises:
        PortOpenError: The system refused.
    """
    if not sys.executable:
        raise PortOpenError(
            "Cannot start a process: this Python does not know its own executable; "
            "set sys.executable to one."
        )
    with ExitStack() as failing, ExitStack() as passed:
        try:
            occupy_closed()
            ours, theirs = socket.socketpair()
            failing.callback(ours.close)
            passed.callback(theirs.close)
            read, write = map(Descriptor, os.pipe())
            failing.callback(read.close)
            passed.callback(write.close)
            stderr = stderr_of(spec)
            passed.callback(stderr.close)
            given = Given(theirs.fileno(), write.fileno(), stderr.fileno())
            process = OsProcess(spawn_shim(spec, given))
        except OSError as error:
            raise PortOpenError(
                f"Cannot start {spec.argv[0]!r}: {error}; {remedy(error)}."
            ) from error
        failing.pop_all()
    return Launched(process, ours, read)


def stderr_of(spec: PortSpec) -> Descriptor:
    """Open what the process is to have as stderr."""
    if spec.stderr is None:
        return Descriptor(os.dup(2))
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
    return Descriptor(os.open(spec.stderr, flags, 0o666))


def remedy(error: OSError) -> str:
    """Say what can be done when the system refuses."""
    if error.errno in NO_ROOM:
        return "raise `ulimit -n` or `ulimit -u`, or open fewer ports"
    return "see that this Python and the file for stderr can be opened"


async def complaint(launched: Launched, clock: Clock) -> bytes:
    """Wait until a process is its command; return what it says if it cannot be."""
    told = Once[bool](clock)
    watch = Watch(launched.complaints, partial(told.came, True))  # noqa: FBT003
    try:
        await told.within(None)
        return os.read(launched.complaints.fileno(), 16)
    finally:
        watch.close()


@dataclass(frozen=True, slots=True)
class Given:
    """Descriptors for a new process.

    Attributes:
        stream: Its side of the stream.
        complaints: Where it says that it cannot be its command.
        stderr: Its stderr.
    """

    stream: int
    complaints: int
    stderr: int


def spawn_shim(spec: PortSpec, given: Given) -> int:
    """Start the shim; return the pid of the new process."""
    arguments = [
        str(os.getpid()),
        str(given.stream),
        str(int(spec.use_stdio)),
        str(given.complaints),
        "" if spec.cwd is None else os.fspath(spec.cwd),
        *spec.argv,
    ]
    # Isolated, and without site: nothing of the user's runs in it.
    python = [sys.executable, "-I", "-S", str(SHIM)]
    return os.posix_spawn(
        sys.executable,
        [*python, *arguments],
        spec.environment(os.environ),
        file_actions=file_actions(given, use_stdio=spec.use_stdio),
        setsid=True,
        setsigmask=(),
        setsigdef=DEFAULTS,
    )


def file_actions(given: Given, *, use_stdio: bool) -> list[tuple[Any, ...]]:
    """Say which descriptors the new process has, for os.posix_spawn."""
    actions: list[tuple[Any, ...]] = [
        # Onto itself: it is inherited, by this process only.
        (os.POSIX_SPAWN_DUP2, given.stream, given.stream),
        (os.POSIX_SPAWN_DUP2, given.complaints, given.complaints),
        (os.POSIX_SPAWN_DUP2, given.stderr, 2),
    ]
    if not use_stdio:
        actions.append((os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0))
        actions.append((os.POSIX_SPAWN_DUP2, 2, 1))
    return actions


def refusal(spec: PortSpec, said: bytes) -> PortOpenError:
    """Explain why a process could not become its command.

    Args:
        spec: What was wanted.
        said: The number of the error, in digits.
    """
    number = int(said)
    program, folder = spec.argv[0], spec.cwd
    where = "" if folder is None else f" in {os.fspath(folder)!r}"
    return PortOpenError(
        f"Cannot run {program!r}{where}: {os.strerror(number)}; give the path of an "
        f"executable file, or a name that is on PATH, and a folder that exists."
    )
