from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from exmc.actors import PortOpenError, PortSpec, Runtime
from exmc.actors.port import launching
from exmc.actors.port.launching import (
    Given,
    Launched,
    complaint,
    file_actions,
    launch_process,
    refusal,
)
from exmc.actors.testing import no_leaks
from tests.actors.port.programs import python, shell
from tests.actors.scenario import scenario


def output(launched: Launched) -> str:
    said = b"".join(iter(lambda: launched.sock.recv(1 << 16), b""))
    launched.sock.close()
    launched.complaints.close()
    launched.process.wait()
    return said.decode().strip()


def test_a_process_leads_a_session_of_its_own() -> None:
    code = "import os; print(os.getpid() == os.getsid(0) == os.getpgid(0))"
    assert output(launch_process(PortSpec(python(code)))) == "True"


def test_what_this_program_ignores_is_not_ignored_by_the_command() -> None:
    code = "import signal as s; print(s.getsignal(s.SIGCHLD).name)"
    before = signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    try:
        launched = launch_process(PortSpec(python(code)))
    finally:
        signal.signal(signal.SIGCHLD, before)
    assert output(launched) == "SIG_DFL"


def test_stderr_is_added_to_a_file(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text("before\n")
    output(launch_process(PortSpec(shell("echo oh >&2"), stderr=log)))
    assert log.read_text() == "before\noh\n"


def test_a_process_that_keeps_its_own_streams_gets_nothing_to_read() -> None:
    said = "cat; echo end >&3"
    assert output(launch_process(PortSpec(shell(said), use_stdio=False))) == "end"


def test_its_environment_is_this_ones_with_changes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("KEPT", "kept")
    monkeypatch.setenv("GONE", "gone")
    spec = PortSpec(shell("echo $KEPT $GONE $NEW"), env={"GONE": None, "NEW": "new"})
    assert output(launch_process(spec)) == "kept new"


@scenario
async def test_a_process_that_is_its_command_does_not_complain(rt: Runtime) -> None:
    launched = launch_process(PortSpec("cat"))
    assert await complaint(launched, rt.clock) == b""
    launched.sock.close()
    launched.process.wait()


@scenario
async def test_a_process_that_cannot_be_its_command_says_why(rt: Runtime) -> None:
    launched = launch_process(PortSpec("/no/such"))
    said = await complaint(launched, rt.clock)
    with pytest.raises(PortOpenError, match=r"^Cannot run '/no/such': No such file"):
        raise refusal(PortSpec("/no/such"), said)
    launched.sock.close()
    launched.process.wait()


def test_a_folder_that_may_be_missing_is_named() -> None:
    error = refusal(PortSpec("pwd", cwd="/no/such"), b"2")
    assert str(error).startswith("Cannot run 'pwd' in '/no/such': No such file")


@pytest.mark.parametrize("room", range(5))
@scenario
async def test_without_room_for_descriptors_nothing_is_left_and_the_limit_is_named(
    room: int,
) -> None:
    # For the two ends of a stream and of a pipe, and stderr.
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    lowest_free = os.dup(0)
    os.close(lowest_free)
    async with no_leaks():
        resource.setrlimit(resource.RLIMIT_NOFILE, (lowest_free + room, limits[1]))
        try:
            with pytest.raises(PortOpenError, match=r"^Cannot start 'cat': .*ulimit"):
                launch_process(PortSpec("cat"))
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, limits)


def test_a_python_that_does_not_know_itself_can_launch_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "executable", "")
    with pytest.raises(PortOpenError, match=r"set sys.executable"):
        launch_process(PortSpec("cat"))


def test_a_process_that_the_system_refuses_is_no_riddle(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refused(*_arguments: object, **_options: object) -> int:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(os, "posix_spawn", refused)
    with pytest.raises(PortOpenError, match=r"unavailable; raise .* `ulimit -u`"):
        launch_process(PortSpec("cat"))


def test_descriptors_are_inherited_by_the_new_process_only() -> None:
    same = os.POSIX_SPAWN_DUP2
    actions = file_actions(Given(7, 8, 9), use_stdio=True)
    assert actions == [(same, 7, 7), (same, 8, 8), (same, 9, 2)]
    launched = launch_process(PortSpec("cat"))
    assert not os.get_inheritable(launched.sock.fileno())
    launched.sock.shutdown(1)
    output(launched)


def test_a_file_for_stderr_that_cannot_be_opened_is_named() -> None:
    spec = PortSpec("cat", stderr="/no/such/log")
    with pytest.raises(PortOpenError, match=r"^Cannot .*'/no/such/log'; see that"):
        launch_process(spec)


@pytest.mark.slow
def test_a_program_without_standard_streams_can_launch() -> None:
    code = (
        "import os; os.closerange(0, 3); os.dup(int(os.environ['OUT'])); "
        "from exmc.actors.port.launching import *; from exmc.actors import PortSpec; "
        "l = launch_process(PortSpec('cat')); l.sock.send(b'hello'); "
        "os.write(int(os.environ['OUT']), l.sock.recv(10))"
    )
    read, write = os.pipe()
    home = str(Path(launching.__file__).parents[3])
    subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "OUT": str(write), "PYTHONPATH": home},
        pass_fds=(write,),
        check=True,
    )
    assert os.read(read, 10) == b"hello"
    os.close(read)
    os.close(write)
