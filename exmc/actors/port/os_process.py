"""A child process of the operating system's, from the parent's side.

A pidfd stays its own for ever, whoever has reaped it: neither a signal nor a wait can
meet a stranger. SIGCHLD is left to the program.
"""

from __future__ import annotations

import errno
import os
import select
import signal
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from exmc.actors.port.descriptor import Descriptor

if TYPE_CHECKING:
    from exmc.actors.exit_reason import Reason

UNSUPPORTED: Final = {errno.ENOSYS, errno.EINVAL}
"""What an old kernel says to a call it does not know."""

HAS_WAITID: Final = hasattr(os, "waitid")
"""Python has it on macOS from 3.13 on; without it a death cannot be seen unreaped."""

LOOK_MILLISECONDS: Final = 10.0
"""Between two looks at a process that offers nothing to wait on."""


class OsProcess:
    """One child, from its start until it is reaped.

    Args:
        os_pid: Its pid; it leads a process group of its own.

    Attributes:
        os_pid: Its pid.
        pidfd: Readable once it is dead; None where the system has no such thing.

    Raises:
        OSError: This process may have no more open files; the child is killed.
    """

    def __init__(self, os_pid: int) -> None:
        self.os_pid = os_pid
        self.pidfd: Descriptor | None = None
        self._ended: Reason | None = None
        try:
            self.pidfd = pidfd_of(os_pid)
        except OSError:
            self.kill()
            self.wait()
            raise

    def signal(self, number: int) -> None:
        """Send it a signal; a dead process receives nothing."""
        if self._ended is not None:
            return
        with suppress(ProcessLookupError):
            if self.pidfd is not None:
                signal.pidfd_send_signal(self.pidfd.fileno(), number)
            elif self.unreaped():
                os.kill(self.os_pid, number)

    def kill(self) -> None:
        """Kill it and all of its process group, those who outlived it included."""
        # As long as it is not reaped, the number of its group is no one else's.
        if self.unreaped():
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.os_pid, signal.SIGKILL)
        self.signal(signal.SIGKILL)

    def unreaped(self) -> bool:
        """Whether it lives, or is dead and nobody has asked how it ended."""
        if self._ended is not None or not HAS_WAITID:
            return self._ended is None
        try:
            self._peek()
        except ChildProcessError:
            return False
        return True

    def alive(self) -> bool:
        """Whether it has not ended yet; it is not reaped by asking, if that can be."""
        if self._ended is not None or not HAS_WAITID:
            return self.reap() is None
        try:
            return self._peek() is None
        except ChildProcessError:
            return False

    def reap(self) -> Reason | None:
        """Return how it ended, and let the system forget it; None while it lives."""
        if self._ended is None:
            try:
                self._ended = self._waited()
            except ChildProcessError:
                # The program ignores SIGCHLD, or waits for whatever there is.
                self._ended = ("lost", self.os_pid)
            if self._ended is not None and self.pidfd is not None:
                self.pidfd.close()
        return self._ended

    def wait(self, seconds: float | None = None) -> Reason | None:
        """Wait for its end where waiting is allowed, and reap it.

        Args:
            seconds: How long; None for ever. Where there is no pidfd, at least one
                look's time.

        Returns:
            How it ended; None if it still lives.
        """
        while (ended := self.reap()) is None:
            if not self._dies_within(seconds) and seconds is not None:
                return self.reap()
        return ended

    def __repr__(self) -> str:
        return f"OsProcess({self.os_pid})"

    def _dies_within(self, seconds: float | None) -> bool:
        # A pidfd that uvloop has watched does not block in waitid: it is polled.
        poll = select.poll()
        patience: float | None = LOOK_MILLISECONDS
        if self.pidfd is not None:
            poll.register(self.pidfd, select.POLLIN)
            patience = None if seconds is None else 1000 * seconds
        return bool(poll.poll(patience))

    def _peek(self) -> os.waitid_result | None:
        return self._waitid(os.WEXITED | os.WNOHANG | os.WNOWAIT)

    def _waited(self) -> Reason | None:
        if HAS_WAITID:
            status = self._waitid(os.WEXITED | os.WNOHANG)
            return None if status is None else reason_of_end(status)
        os_pid, wait_status = os.waitpid(self.os_pid, os.WNOHANG)
        code = os.waitstatus_to_exitcode(wait_status)
        ended = ("exit", code) if code >= 0 else ("signal", -code)
        return ended if os_pid else None

    def _waitid(self, options: int) -> os.waitid_result | None:
        if self.pidfd is not None:
            return os.waitid(os.P_PIDFD, self.pidfd.fileno(), options)
        return os.waitid(os.P_PID, self.os_pid, options)


def pidfd_of(os_pid: int) -> Descriptor | None:
    """Open the pidfd of a child; None where there is no such thing.

    Raises:
        OSError: This process may have no more open files.
    """
    if not hasattr(os, "pidfd_open"):
        return None
    try:
        return Descriptor(os.pidfd_open(os_pid))
    except (NotImplementedError, PermissionError, ProcessLookupError):
        return None
    except OSError as error:
        if error.errno in UNSUPPORTED:
            return None
        raise


def reason_of_end(status: os.waitid_result) -> Reason:
    """Translate what `os.waitid` says of a dead process."""
    if status.si_code == os.CLD_EXITED:
        return ("exit", status.si_status)
    return ("signal", status.si_status)
