"""The one zygote of this Python process: started when first needed, kept warm."""

from __future__ import annotations

import atexit
import json
import os
import socket
import subprocess
import sys
import threading
from pathlib import Path

import exmc
from exmc.actors.port.standard_streams import occupy_closed
from exmc.inference.fork_protocol import Connect, send_message

# The child finds modules exactly as this process does, whatever the working folder.
_BOOT = (
    "import sys, json; sys.path[:] = json.loads(sys.argv[1]); "
    "from exmc.inference.zygote import main; main()"
)
_ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
_GRACE_SECONDS = 2.0


class ZygoteProcess:
    """Starts the zygote, and starts it again when it has died. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None

    def connect(self) -> socket.socket:
        """Return a new non-blocking socket on which workers can be asked for."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs, self._lock:
            try:
                send_message(self._alive(), Connect(), (theirs.fileno(),))
            except OSError:
                self._discard()
                send_message(self._alive(), Connect(), (theirs.fileno(),))
        ours.setblocking(False)  # noqa: FBT003 - socket has it so
        return ours

    def close(self) -> None:
        """End the zygote and all workers; another `connect` starts a new one."""
        with self._lock:
            self._discard()

    def forget(self) -> None:
        """Let go without ending it: in a forked child it belongs to the parent."""
        self._lock = threading.Lock()
        if self._control is not None:
            self._control.close()
        if self._process is not None:
            # Not our child: nothing to wait for, and nothing to warn about.
            self._process.returncode = 0
        self._process = self._control = None

    def _alive(self) -> socket.socket:
        if self._process is not None and self._process.poll() is not None:
            self._discard()
        if self._control is None:
            self._launch()
        assert self._control is not None  # noqa: S101 - narrows the type
        return self._control

    def _launch(self) -> None:
        occupy_closed()
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        arguments = [json.dumps(module_path()), str(theirs.fileno())]
        with theirs:
            # stdout is the user's: what a worker prints goes to stderr.
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and code
                [sys.executable, "-P", "-c", _BOOT, *arguments],
                pass_fds=(theirs.fileno(),),
                env=os.environ | dict.fromkeys(_ONE_THREAD, "1"),
                stdin=subprocess.DEVNULL,
                stdout=2,
                start_new_session=True,
            )
        self._control = ours

    def _discard(self) -> None:
        if self._control is not None:
            self._control.close()
        if self._process is not None:
            try:
                self._process.wait(_GRACE_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._process = self._control = None


def module_path() -> list[str]:
    """Where this process finds modules; last, where it has found exmc.

    An entry of `sys.path` may be relative to a folder that was left since, and what
    is not a string there is ignored, as the import system does.
    """
    home = str(Path(exmc.__file__).absolute().parent.parent)
    entries: list[object] = [*sys.path]
    return [*(entry for entry in entries if isinstance(entry, str)), home]


ZYGOTE = ZygoteProcess()
atexit.register(ZYGOTE.close)
os.register_at_fork(after_in_child=ZYGOTE.forget)
