"""The first program of a new process: it prepares itself, then becomes the command.

Run by path in an interpreter of its own, so it imports nothing but what is built in
or near it. That the preparation is a program, and no function between fork and exec,
is what makes it safe in a program that has threads.
"""

from __future__ import annotations

import ctypes
import os
import sys
from contextlib import suppress

PR_SET_PDEATHSIG = 1
SIGKILL = 9
CANNOT_RUN = 127
"""The exit status of a process that could not become its command, as of a shell."""


def die_with_parent(parent: int) -> None:
    """Let the kernel kill this process when its parent dies, on Linux.

    The parent's thread that made it counts, not the whole process. Elsewhere the end
    of its input is all that a process hears of its parent's death.

    Args:
        parent: Its pid; if it is dead already, so is this process.
    """
    prctl = getattr(ctypes.CDLL(None), "prctl", None)
    if prctl is not None:
        prctl(PR_SET_PDEATHSIG, SIGKILL)
    if os.getppid() != parent:
        os._exit(CANNOT_RUN)


def place(stream: int, *, stdio: bool) -> tuple[int, ...]:
    """Put the stream where the command looks for it; return where that is."""
    places = (0, 1) if stdio else (3,)
    for number in places:
        os.dup2(stream, number)
    return places


def close_all_but(kept: set[int]) -> None:
    """Close what the parent has not meant for this process."""
    for number in map(int, os.listdir("/dev/fd")):  # noqa: PTH208 (pathlib is slow to import)
        if number not in kept:
            with suppress(OSError):
                os.close(number)


def become(complaint: int, cwd: str, argv: list[str]) -> None:
    """Run the command in place of this program; say so if that cannot be."""
    try:
        if cwd:
            os.chdir(cwd)
        os.execvp(argv[0], argv)  # noqa: S606 (the port's own command, without a shell)
    except OSError as error:
        os.write(complaint, str(error.errno).encode())


def main(arguments: list[str]) -> None:
    """Become a command; never returns.

    Args:
        arguments: Pid of the parent, descriptor of the stream, whether that is to be
            stdin and stdout, descriptor for complaints, folder or "", command.
    """
    parent, stream, stdio, complaint, cwd, *argv = arguments
    die_with_parent(int(parent))
    # Closed by becoming the command: its end is the good news. Not where the stream
    # goes: dup gives the lowest number that is free, and 3 is not, being one of both.
    told = os.dup(int(complaint)) if complaint == "3" else int(complaint)
    os.set_inheritable(told, False)  # noqa: FBT003 (os has it so)
    places = place(int(stream), stdio=stdio == "1")
    close_all_but({0, 1, 2, told, *places})
    become(told, cwd, argv)
    os._exit(CANNOT_RUN)


if __name__ == "__main__":
    main(sys.argv[1:])
