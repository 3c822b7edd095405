from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from exmc.actors.port import shim
from tests.actors.port.programs import python

SHIM = [sys.executable, "-I", "-S", shim.__file__]


class Shimmed:
    """What a command says that was run through the shim, and how it ended."""

    def __init__(
        self,
        command: list[str],
        *,
        stdio: bool = True,
        cwd: str = "",
        parent: int | None = None,
        leaked: tuple[int, ...] = (),
    ) -> None:
        ours, theirs = socket.socketpair()
        read, write = os.pipe()
        arguments = [
            str(os.getpid() if parent is None else parent),
            str(theirs.fileno()),
            str(int(stdio)),
            str(write),
            cwd,
        ]
        with theirs, ours:
            done = subprocess.run(
                [*SHIM, *arguments, *command],
                pass_fds=(theirs.fileno(), write, *leaked),
                check=False,
                stdin=subprocess.DEVNULL,
            )
            theirs.close()
            os.close(write)
            self.status = done.returncode
            self.said = b"".join(iter(lambda: ours.recv(1 << 16), b"")).decode().strip()
            self.complaint = os.read(read, 100)
            os.close(read)


def test_the_stream_becomes_standard_input_and_output() -> None:
    shimmed = Shimmed(["sh", "-c", "echo hello; exit 3"])
    assert (shimmed.said, shimmed.status) == ("hello", 3)
    assert shimmed.complaint == b""


def test_the_stream_becomes_descriptor_3_of_those_who_keep_their_own() -> None:
    assert Shimmed(["sh", "-c", "echo hello >&3"], stdio=False).said == "hello"


@pytest.mark.parametrize("stdio", [True, False])
def test_no_other_descriptor_gets_through(stdio: bool) -> None:
    listing = (
        "import os; os.write({}, ' '.join(sorted(os.listdir('/dev/fd'))).encode())"
    )
    leaked, other = os.pipe()
    shimmed = Shimmed(
        python(listing.format(1 if stdio else 3)), stdio=stdio, leaked=(leaked,)
    )
    # The last is the folder that it lists.
    assert shimmed.said == ("0 1 2 3" if stdio else "0 1 2 3 4")
    os.close(leaked)
    os.close(other)


def test_the_command_finds_itself_in_the_folder_wanted(tmp_path: Path) -> None:
    assert Shimmed(["pwd"], cwd=str(tmp_path)).said == str(tmp_path)


@pytest.mark.parametrize(
    ("command", "cwd", "error"),
    [(["/no/such"], "", b"2"), (["/etc"], "", b"13"), (["pwd"], "/no/such", b"2")],
)
def test_a_command_that_cannot_be_run_is_complained_about(
    command: list[str], cwd: str, error: bytes
) -> None:
    shimmed = Shimmed(command, cwd=cwd)
    assert (shimmed.complaint, shimmed.status) == (error, shim.CANNOT_RUN)


def test_who_finds_its_parent_dead_already_does_not_begin() -> None:
    shimmed = Shimmed(["echo", "hello"], parent=1)
    assert (shimmed.said, shimmed.status) == ("", shim.CANNOT_RUN)
